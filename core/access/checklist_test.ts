import { assertEquals } from "@std/assert";
import type { Establishment } from "../registry/establishment.ts";
import type { ComputerRecord, ProfileRequest } from "../store/records/access.ts";
import type { EstablishmentAccess } from "./establishment_access.ts";
import type { StepProgress } from "./establishment_access.ts";
import { type ChecklistFacts, checklistFrom, PREREQUISITES } from "./checklist.ts";

type State = Exclude<StepProgress, "noutro">;

const CNES = "0000001";
const open = { cnes: CNES, nome: "Unidade", active: true } as Establishment;
const record = { cnes: CNES, label: "PAT-1" } as ComputerRecord;

/** An establishment where the three steps are in these states. */
function accessWith(
  [estabelecimento, perfil, computador]: [State, State, State],
  change: Partial<EstablishmentAccess> = {},
): EstablishmentAccess {
  const step = (state: State) => ({ state, request: null });
  return {
    cnes: CNES,
    establishment: open,
    status: {
      cnes: CNES,
      membership: null,
      steps: {
        estabelecimento: step(estabelecimento),
        perfil: step(perfil),
        computador: step(computador),
      },
      computer: null,
      next: null,
    },
    computers: computador === "aprovada" ? [record] : [],
    administered: true,
    administeredByOthers: true,
    ...change,
  };
}

const DONE: ChecklistFacts = {
  access: accessWith(["aprovada", "aprovada", "aprovada"]),
  director: null,
  operadoraInCnes: true,
  govbr: "silver",
  neededLevel: "silver",
  cns: "alta",
};

const states = (facts: ChecklistFacts) => {
  const checklist = checklistFrom(facts);
  return PREREQUISITES.map((one) => `${checklist[one].state} ${checklist[one].reason}`);
};

const changed = (change: Partial<ChecklistFacts>) => checklistFrom({ ...DONE, ...change });

Deno.test("everything there: six ticks", () => {
  assertEquals(states(DONE), [
    "feito operadora_found",
    "feito bound",
    "feito quality_proven",
    "feito administered",
    "feito profile_held",
    "feito access_here",
  ]);
});

Deno.test("nothing there: three things to do, the others later", () => {
  const nothing: ChecklistFacts = {
    access: null,
    director: null,
    operadoraInCnes: null,
    govbr: null,
    neededLevel: "silver",
    cns: null,
  };
  assertEquals(states(nothing), [
    "voce place_unnamed",
    "voce unbound",
    "voce cns_missing",
    "depois later",
    "depois later",
    "depois later",
  ]);
});

Deno.test("1: the asked establishment counts before the operadora's", () => {
  const rows: [Partial<ChecklistFacts>, string, string][] = [
    [{ access: null, operadoraInCnes: true }, "feito", "operadora_found"],
    [{ access: null, operadoraInCnes: false }, "outros", "operadora_missing"],
    [{ operadoraInCnes: false }, "feito", "operadora_found"],
    [
      { access: { ...DONE.access!, establishment: { ...open, active: false } } },
      "outros",
      "operadora_closed",
    ],
    [{ access: { ...DONE.access!, establishment: null } }, "outros", "operadora_missing"],
  ];
  for (const [change, state, reason] of rows) {
    assertEquals(changed(change).operadora, { state, reason });
  }
});

Deno.test("2, 5: nothing is ticked that was asked for, refused, cancelled or has expired", () => {
  const rows: [State, string, string][] = [
    ["aprovada", "feito", "feito"],
    ["pendente", "outros", "outros"],
    ["reprovada", "voce", "voce"],
    ["cancelada", "voce", "voce"],
    ["expirada", "voce", "voce"],
    ["nenhum", "voce", "voce"],
  ];
  for (const [state, second, fifth] of rows) {
    const checklist = changed({ access: accessWith([state, state, "nenhum"]) });
    assertEquals([checklist.pessoa.state, checklist.pedido.state], [second, fifth], state);
  }
  const alone = changed({ access: accessWith(["aprovada", "nenhum", "nenhum"]) });
  assertEquals([alone.pessoa.state, alone.pedido.state, alone.acesso.state], [
    "feito",
    "voce",
    "depois",
  ]);
});

Deno.test("3: only high quality with a proven account is ticked; the CNS comes first", () => {
  const rows: [Partial<ChecklistFacts>, string][] = [
    [{ cns: null, govbr: null }, "cns_missing"],
    [{ cns: "baixa", govbr: "gold" }, "cns_low"],
    [{ cns: "desconhecida" }, "cns_unknown"],
    [{ cns: "desconhecida", govbr: null }, "govbr_missing"],
    [{ govbr: null }, "govbr_missing"],
    [{ govbr: "bronze" }, "govbr_low"],
    [{ govbr: null, neededLevel: null }, "govbr_unseen"],
    [{ cns: "desconhecida", neededLevel: null }, "cns_unknown"],
  ];
  for (const [change, reason] of rows) {
    assertEquals(changed(change).qualidade, { state: "voce", reason });
  }
  assertEquals(changed({ govbr: "gold" }).qualidade.state, "feito");
});

Deno.test("4: without an administrator it is the director's turn, or somebody else's", () => {
  const first = accessWith(["nenhum", "nenhum", "nenhum"], { administered: false });
  const asked = accessWith(["pendente", "pendente", "nenhum"], { administered: false });
  asked.status.steps.perfil.request = { profile: "ADMINISTRADOR" } as ProfileRequest;
  const rows: [Partial<ChecklistFacts>, string, string][] = [
    [{ access: first, director: "atOnce" }, "voce", "director_you"],
    [{ access: first, director: "unproven" }, "voce", "director_unproven"],
    [{ access: first }, "outros", "administrator_missing"],
    [{ access: asked }, "outros", "administrator_asked"],
    [{ access: accessWith(["nenhum", "nenhum", "nenhum"]) }, "feito", "administered"],
    [{ access: null }, "depois", "later"],
  ];
  for (const [change, state, reason] of rows) {
    assertEquals(changed(change).administrador, { state, reason });
  }
});

Deno.test("6: the computer after the profile, here or elsewhere", () => {
  const rows: [State, Partial<EstablishmentAccess>, string, string][] = [
    ["aprovada", {}, "feito", "access_here"],
    ["pendente", {}, "outros", "computer_waiting"],
    ["nenhum", {}, "voce", "computer_ask"],
    ["reprovada", {}, "voce", "computer_ask"],
    ["nenhum", { computers: [record] }, "feito", "access_elsewhere"],
    ["nenhum", { establishment: { ...open, active: false } }, "depois", "later"],
  ];
  for (const [computador, change, state, reason] of rows) {
    const at = accessWith(["aprovada", "aprovada", computador], change);
    assertEquals(changed({ access: at }).acesso, { state, reason });
  }
  const early = accessWith(["aprovada", "pendente", "nenhum"]);
  assertEquals(changed({ access: early }).acesso, { state: "depois", reason: "later" });
});
