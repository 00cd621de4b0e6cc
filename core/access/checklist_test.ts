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

/** A place where the three steps are in these states. */
function place(
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
  place: place(["aprovada", "aprovada", "aprovada"]),
  director: null,
  operadoraInCnes: true,
  govbr: "silver",
  neededLevel: "silver",
  cns: "alta",
};

const states = (facts: ChecklistFacts) => {
  const way = checklistFrom(facts);
  return PREREQUISITES.map((one) => `${way[one].state} ${way[one].reason}`);
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
    place: null,
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
    [{ place: null, operadoraInCnes: true }, "feito", "operadora_found"],
    [{ place: null, operadoraInCnes: false }, "outros", "operadora_missing"],
    [{ operadoraInCnes: false }, "feito", "operadora_found"],
    [
      { place: { ...DONE.place!, establishment: { ...open, active: false } } },
      "outros",
      "operadora_closed",
    ],
    [{ place: { ...DONE.place!, establishment: null } }, "outros", "operadora_missing"],
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
    const way = changed({ place: place([state, state, "nenhum"]) });
    assertEquals([way.pessoa.state, way.pedido.state], [second, fifth], state);
  }
  const alone = changed({ place: place(["aprovada", "nenhum", "nenhum"]) });
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
  const first = place(["nenhum", "nenhum", "nenhum"], { administered: false });
  const asked = place(["pendente", "pendente", "nenhum"], { administered: false });
  asked.status.steps.perfil.request = { profile: "ADMINISTRADOR" } as ProfileRequest;
  const rows: [Partial<ChecklistFacts>, string, string][] = [
    [{ place: first, director: "atOnce" }, "voce", "director_you"],
    [{ place: first, director: "unproven" }, "voce", "director_unproven"],
    [{ place: first }, "outros", "administrator_missing"],
    [{ place: asked }, "outros", "administrator_asked"],
    [{ place: place(["nenhum", "nenhum", "nenhum"]) }, "feito", "administered"],
    [{ place: null }, "depois", "later"],
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
    const at = place(["aprovada", "aprovada", computador], change);
    assertEquals(changed({ place: at }).acesso, { state, reason });
  }
  const early = place(["aprovada", "pendente", "nenhum"]);
  assertEquals(changed({ place: early }).acesso, { state: "depois", reason: "later" });
});
