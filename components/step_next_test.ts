import { assertEquals, assertStringIncludes } from "@std/assert";
import type { EstablishmentAccess } from "@/core/access/establishment_access.ts";
import type { Establishment } from "@/core/registry/establishment.ts";
import type {
  AccessRequest,
  ApproverRole,
  RequestState,
  Step,
} from "@/core/store/records/access.ts";
import { nextAct } from "./step_next.ts";

const open = { nome: "Unidade", active: true } as Establishment;

type Given = Partial<Record<Step, RequestState>>;

function place(
  given: Given,
  change: Partial<EstablishmentAccess> = {},
  asked: Partial<AccessRequest> = {},
) {
  const view = (step: Step) => {
    const state = given[step];
    const request = {
      step,
      state,
      profile: "OPERADOR",
      to: ["administradores"],
      operadora: "1",
      createdAt: 10,
      reason: state === "reprovada" ? "Sem vínculo" : null,
      computer: { label: "PAT-1", place: "Sala" },
      ...asked,
    } as AccessRequest;
    return state ? { state, request } : { state: "nenhum" as const, request: null };
  };
  const steps = {
    estabelecimento: view("estabelecimento"),
    perfil: view("perfil"),
    computador: view("computador"),
  };
  const waits = Object.values(given).includes("pendente");
  const order = ["estabelecimento", "perfil", "computador"] as const;
  const next = waits ? null : order.find((step) => given[step] !== "aprovada") ?? null;
  const membership = given.perfil === "aprovada" ? { profile: "OPERADOR" } : null;
  return {
    cnes: "0000001",
    establishment: open,
    status: { cnes: "0000001", membership, steps, computer: null, next },
    computers: [],
    administered: true,
    administeredByOthers: true,
    ...change,
  } as unknown as EstablishmentAccess;
}

const both = (state: RequestState): Given => ({ estabelecimento: state, perfil: state });
const APPROVED = both("aprovada");

Deno.test("whose turn it is, and what is said", () => {
  const rows: [EstablishmentAccess, string | null, string][] = [
    [place({}), "você", "Peça o estabelecimento e o perfil, juntos."],
    [place({ estabelecimento: "aprovada" }), "você", "Peça um perfil."],
    [place(both("reprovada")), "você", "Motivo: Sem vínculo. Você pode pedir de novo."],
    [place(both("expirada")), "você", "ninguém decidiu no prazo. Você pode pedir de novo."],
    [place(both("cancelada")), "você", "Você cancelou o pedido que fez: o perfil OPERADOR."],
    [place(APPROVED), "você", "Falta o computador"],
    [
      place({ ...APPROVED, computador: "reprovada" }),
      "você",
      "o computador PAT-1 (Sala) e o pedido",
    ],
    [place({ ...APPROVED, computador: "aprovada" }), "você", "Está tudo aprovado"],
    [place(both("pendente"), { establishment: null }), null, "não tem mais"],
    [
      place(APPROVED, { establishment: { ...open, active: false } }),
      null,
      "está desativado no CNES",
    ],
  ];
  for (const [at, turn, words] of rows) {
    const act = nextAct(at);
    assertEquals(act.turn, turn, words);
    assertStringIncludes(act.text, words);
  }
});

Deno.test("who decides what waits: whom it was sent to, and who of them is there", () => {
  const alone = { administered: false, administeredByOthers: false };
  const rows: [ApproverRole[], Partial<EstablishmentAccess>, string | null, string][] = [
    [["administradores"], {}, "1", "o administrador do estabelecimento"],
    [["representante"], {}, "1", "o representante legal da operadora"],
    [["administradores", "representante"], {}, "1", "outro administrador ou o representante legal"],
    [["administradores"], alone, "1", "o diretor do estabelecimento"],
    [["administradores", "representante"], alone, "1", "o representante legal da operadora"],
    [["administradores", "representante"], alone, null, "o representante legal da operadora"],
    [["administradores", "representante"], {}, null, "o administrador do estabelecimento"],
  ];
  for (const [to, change, operadora, turn] of rows) {
    assertEquals(nextAct(place(both("pendente"), change, { to, operadora })).turn, turn);
  }
});

Deno.test("an end is said until something new was asked for", () => {
  const ended = { at: 20, by: "x", reason: "Mudou de unidade" };
  const membership = { profile: "OPERADOR", ended };
  const at = (createdAt: number) => {
    const given = place(both("reprovada"), {}, { createdAt });
    return {
      ...given,
      status: { ...given.status, membership },
    } as unknown as EstablishmentAccess;
  };
  assertStringIncludes(nextAct(at(10)).text, "Motivo: Mudou de unidade. Para voltar");
  assertStringIncludes(nextAct(at(30)).text, "o pedido foi reprovado");
});

Deno.test("approved elsewhere: which computer it is", () => {
  const computers = [{ label: "PAT-9", place: "Sala 2" }] as EstablishmentAccess["computers"];
  assertStringIncludes(nextAct(place(APPROVED, { computers })).text, "aprovado em PAT-9 (Sala 2)");
});
