import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import { changeProfile, endMembership } from "../change_membership.ts";
import { getComputer, listComputersOf, removeComputer } from "../computers.ts";
import { readAccessStatus } from "../establishment_access.ts";
import { getRequest, listPending, listPendingOfOperadora, listRequestsOf } from "./request.ts";
import {
  ALFA,
  approve,
  ask,
  askComputer,
  caio,
  CLOSED_CNES,
  CNES,
  codeOf,
  eventsOf,
  idOf,
  interrupted,
  lia,
  mailsTo,
  must,
  nair,
  reject,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedEstablishment,
  seedMember,
  seedVisitor,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

const thumbprints = async (deps: World, person = zeca) =>
  (await listComputersOf(deps, CNES, await idOf(deps, person))).map(({ thumbprint }) => thumbprint);

async function operador(): Promise<World> {
  const deps = await seedWorld();
  await seedMember(deps, zeca, "OPERADOR");
  return deps;
}

const requestsOf = (deps: World) => listPending(deps, [CNES]);

Deno.test("no computer before the profile: nobody, establishment alone, pending, ended, elsewhere", async () => {
  using deps = await seedWorld();
  const refused = async (cnes = CNES) =>
    assertEquals(codeOf(await askComputer(deps, zeca, "chave-a", { cnes })), "profile_first");
  await refused();
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  await refused();
  must(await approve(deps, establishmentRequest!, lia));
  await refused();
  must(await approve(deps, id, lia));
  await refused(SECOND_CNES);
  const end = { cnes: CNES, account: await idOf(deps, zeca), reason: "Saiu" };
  must(await endMembership(deps, { account: await idOf(deps, lia), standing: UNLIMITED }, end));
  await refused();
  assertEquals(await requestsOf(deps), []);
});

Deno.test("signs that show nothing do not get to those who decide", async () => {
  using deps = await operador();
  const typed = { label: "PAT\u202e-\u200b1", place: "\u2067Sala\u2069 2" };
  const { computer } = must(await askComputer(deps, zeca, "a", typed));
  assertEquals([computer.label, computer.place], ["PAT-1", "Sala 2"]);
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  using deps = await operador();
  await seedEstablishment(deps, { active: true }, CLOSED_CNES);
  await seedMember(deps, zeca, "OPERADOR", CLOSED_CNES);
  await seedEstablishment(deps, { active: false }, CLOSED_CNES);
  const before = await listRequestsOf(deps, await idOf(deps, zeca));
  for (
    const [code, thumbprint, change] of [
      ["establishment_invalid", "a", { cnes: "123" }],
      ["establishment_not_found", "a", { cnes: "7777777" }],
      ["establishment_inactive", "a", { cnes: CLOSED_CNES }],
      ["computer_not_proven", null, {}],
      ["computer_not_proven", "", {}],
      ["computer_label_invalid", "a", { label: " \n A \u0000" }],
      ["computer_label_invalid", "a", { label: "\u200b\u202e\u2060" }],
      ["computer_label_invalid", "a", { label: "A".repeat(61) }],
      ["computer_place_invalid", "a", { place: "" }],
      ["computer_place_invalid", "a", { place: "A".repeat(121) }],
      ["computer_unknown", "a", { replaces: "b" }],
    ] as const
  ) {
    assertEquals(codeOf(await askComputer(deps, zeca, thumbprint, change)), code);
  }
  assertEquals(await listRequestsOf(deps, await idOf(deps, zeca)), before);
});

Deno.test("one open request for a computer, whichever it is, however often it is posted", async () => {
  using deps = await operador();
  const codes = await Promise.all(
    ["a", "a", "b"].map(async (key) => codeOf(await askComputer(deps, zeca, key))),
  );
  assertEquals(codes.sort(), ["computer_already_pending", "computer_already_pending", "ok"]);
  assertEquals((await requestsOf(deps)).length, 1);
});

Deno.test("approved: this computer and no other; it is not asked for twice", async () => {
  using deps = await operador();
  const request = must(await askComputer(deps, zeca, "a", { label: "  PAT \n 7 " }));
  assertEquals([request.profile, request.computer.label], ["OPERADOR", "PAT 7"]);
  assertEquals(await thumbprints(deps), []);
  must(await approve(deps, request.id, lia));
  assertEquals((await getComputer(deps, CNES, await idOf(deps, zeca), "a"))?.label, "PAT 7");
  for (const [cnes, person] of [[SECOND_CNES, zeca], [CNES, lia]] as const) {
    assertEquals(await getComputer(deps, cnes, await idOf(deps, person), "a"), null);
  }
  assertEquals(await askComputer(deps, zeca, "a"), {
    ok: false,
    code: "computer_already_approved",
    detail: { etiqueta: "PAT 7" },
  });
  assertEquals((await readAccessStatus(deps, await idOf(deps, zeca), CNES, "a")).next, null);
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES, "b")).next,
    "computador",
  );
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES)).steps.computador.state,
    "nenhum",
  );
  assertEquals(
    (await mailsTo(deps, zeca.email)).at(-1)?.subject,
    "Seu pedido de computador foi aprovado",
  );
});

Deno.test("rejected: no computer, and another try", async () => {
  using deps = await operador();
  must(await reject(deps, must(await askComputer(deps, zeca, "a")).id, lia));
  assertEquals([await thumbprints(deps), await requestsOf(deps)], [[], []]);
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES, "a")).steps.computador.state,
    "reprovada",
  );
  must(await askComputer(deps, zeca, "a"));
});

Deno.test("a computer takes the place of one's own approved one, of nobody else's", async () => {
  using deps = await operador();
  await seedComputer(deps, zeca, "a");
  await seedMember(deps, nair, "OPERADOR");
  await seedComputer(deps, nair, "n");
  const asked = await askComputer(deps, zeca, "b", { replaces: "n" });
  assertEquals(codeOf(asked), "computer_unknown");
  const { id, computer } = must(await askComputer(deps, zeca, "b", { replaces: "a" }));
  assertEquals(computer.replaces, { thumbprint: "a", label: "PAT-1" });
  assertEquals(await thumbprints(deps), ["a"]);
  must(await approve(deps, id, lia));
  assertEquals([await thumbprints(deps), await thumbprints(deps, nair)], [["b"], ["n"]]);
});

Deno.test("the old computer goes with the coming of the new one, not with its rejection", async () => {
  using deps = await operador();
  await seedComputer(deps, zeca, "a");
  must(await reject(deps, must(await askComputer(deps, zeca, "b", { replaces: "a" })).id, lia));
  assertEquals(await thumbprints(deps), ["a"]);
  const { id } = must(await askComputer(deps, zeca, "b", { replaces: "a" }));
  // Removed meanwhile: nothing is left to be replaced.
  const own = { cnes: CNES, account: await idOf(deps, zeca), thumbprint: "a" };
  must(await removeComputer(deps, { account: await idOf(deps, zeca), standing: UNLIMITED }, own));
  must(await approve(deps, id, caio));
  assertEquals(await thumbprints(deps), ["b"]);
});

Deno.test("ended while a computer waits, or in the very moment of its approval: no computer", async () => {
  for (const moment of ["before", "meanwhile"]) {
    using deps = await operador();
    const { id } = must(await askComputer(deps, zeca, "a"));
    const whom = { cnes: CNES, account: await idOf(deps, zeca), reason: "Saiu" };
    const by = { account: await idOf(deps, lia), standing: UNLIMITED };
    const end = async () => must(await endMembership(deps, by, whom));
    if (moment === "before") await end();
    const door = moment === "before" ? deps : interrupted(deps, 1, end);
    assertEquals(codeOf(await approve(door, id, caio)), "request_already_decided");
    assertEquals(await thumbprints(deps), []);
    assertEquals((await getRequest(deps, id))?.state, "reprovada");
  }
});

Deno.test("a membership that ended without its requests approves no computer", async () => {
  using deps = await operador();
  const { id } = must(await askComputer(deps, zeca, "a"));
  await deps.kv.delete(keys.membership(CNES, await idOf(deps, zeca)));
  assertEquals(codeOf(await approve(deps, id, lia)), "membership_ended");
  await seedVisitor(deps, zeca, lia);
  assertEquals(codeOf(await approve(deps, id, lia)), "membership_ended");
  assertEquals(await thumbprints(deps), []);
});

Deno.test("two approvals at once: one computer, one record", async () => {
  using deps = await operador();
  const { id } = must(await askComputer(deps, zeca, "a"));
  const codes = (await Promise.all([lia, caio].map((by) => approve(deps, id, by)))).map(codeOf);
  assertEquals(codes.sort(), ["ok", "request_already_decided"]);
  assertEquals(await thumbprints(deps), ["a"]);
  assertEquals(await eventsOf(deps), ["request.created", "request.aprovada"]);
});

Deno.test("who decides about computers: administrators there; never the representative, nor oneself", async () => {
  using deps = await operador();
  const { id } = must(await askComputer(deps, zeca, "a"));
  for (const [by, choices] of [[nair, {}], [zeca, {}], [rosa, { represents: ALFA }]] as const) {
    assertEquals(codeOf(await approve(deps, id, by, choices)), "not_allowed", by.name);
  }
  await seedEstablishment(deps, { active: false });
  assertEquals(codeOf(await approve(deps, id, lia)), "establishment_inactive");
  must(await reject(deps, id, lia));
});

Deno.test("an ADMINISTRADOR's computer: another administrator, or the representative on the site", async () => {
  using deps = await seedWorld();
  const mine = must(await askComputer(deps, lia, "a"));
  assertEquals(mine.to, ["administradores", "representante"]);
  assertEquals(codeOf(await approve(deps, mine.id, lia)), "request_own");
  const byChat = { represents: ALFA, via: "telegram" } as const;
  assertEquals(codeOf(await approve(deps, mine.id, rosa, byChat)), "not_allowed");
  assertEquals((await listPendingOfOperadora(deps, ALFA)).map(({ id }) => id), [mine.id]);
  must(await approve(deps, mine.id, rosa, { represents: ALFA }));
  assertEquals(await listPendingOfOperadora(deps, ALFA), []);
  const other = must(await askComputer(deps, caio, "c")).id;
  must(await approve(deps, other, lia, { via: "telegram" }));
});

Deno.test("a profile that changes in the very moment of the request: it goes to those of the new one", async () => {
  using deps = await seedWorld();
  const account = await idOf(deps, caio);
  const change = { cnes: CNES, account, profile: "OPERADOR", justification: "Saiu" };
  const representative = { account: await idOf(deps, rosa), represents: ALFA, standing: UNLIMITED };
  const meanwhile = interrupted(
    deps,
    1,
    async () => must(await changeProfile(deps, representative, change)),
  );
  const request = must(await askComputer(meanwhile as World, caio, "a"));
  assertEquals([request.profile, request.to], ["OPERADOR", ["administradores"]]);
  assertEquals(await listPendingOfOperadora(deps, ALFA), []);
});

Deno.test("what a computer is called has 2 to 60 characters, where it stands 2 to 120", async () => {
  using deps = await operador();
  const asked = async (form: { label?: string; place?: string }) => {
    const result = await askComputer(deps, zeca, `chave-${crypto.randomUUID()}`, form);
    if (result.ok) must(await reject(deps, result.data.id, lia, { reason: "Não é daqui" }));
    return result.ok ? "taken" : result.code;
  };
  for (const label of ["P", "P".repeat(61)]) {
    assertEquals(await asked({ label }), "computer_label_invalid");
  }
  for (const place of ["R", "R".repeat(121)]) {
    assertEquals(await asked({ place }), "computer_place_invalid");
  }
  assertEquals(await asked({ label: "P1", place: "R1" }), "taken");
  assertEquals(await asked({ label: "P".repeat(60), place: "R".repeat(120) }), "taken");
});
