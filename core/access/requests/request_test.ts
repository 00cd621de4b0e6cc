import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals } from "@std/assert";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram/link.ts";
import { verifyStream } from "../../audit/chain.ts";
import { keys } from "../../store/keys.ts";
import {
  auditRecords,
  BETA_CNES,
  caio,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  idOf,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  SECOND_CNES,
  seedEstablishment,
  seedMember,
  seedPerson,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { decideRequest } from "./decide.ts";
import { createRequest } from "./create.ts";
import { listPending, listRequestsOf } from "./request.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const OPERADOR = { cnes: CNES, profile: "OPERADOR" };
const CHAT = { userId: 7001, chatId: 7001, name: "Lia" };

/** Zeca and Caio ask; nobody decides yet. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  for (const person of [zeca, caio]) await seedUser(deps, person);
  return deps;
}

async function ask(deps: World, person: TestPerson, form = OPERADOR) {
  return await createRequest(deps, await personOf(deps, person), form, UNLIMITED);
}

async function linkChat(deps: World, person: TestPerson) {
  const stored = await personOf(deps, person);
  must(await claimLinkCode(deps, await createLinkCode(deps, stored), CHAT));
  must(await confirmLink(deps, stored, UNLIMITED));
}

async function chats(deps: World) {
  const created = (await messages(deps)).filter((message) =>
    message.channel === "chat" && message.what === "request_created"
  );
  return created.map((message) => message.channel === "chat" ? message.chatId : 0);
}

async function noticesTo(deps: World, person: TestPerson): Promise<number> {
  const mails = await mailsTo(deps, person.email);
  return mails.filter(({ subject }) => subject.startsWith("Novo pedido")).length;
}

Deno.test("a request waits, with its person, place and profile, and the log tells of it", async () => {
  using deps = await peopled();
  const request = must(await ask(deps, zeca));
  assertEquals([request.cnes, request.account, request.profile, request.state], [
    CNES,
    await idOf(deps, zeca),
    "OPERADOR",
    "pendente",
  ]);
  assertEquals(await listPending(deps, [CNES]), [request]);
  const own = await listRequestsOf(deps, await idOf(deps, zeca));
  assertEquals(own.map(({ step, state }) => `${step} ${state}`).sort(), [
    "estabelecimento pendente",
    "perfil pendente",
  ]);
  assertEquals(own.find(({ step }) => step === "perfil"), request);
  const created = (await auditRecords(deps)).filter(({ event }) => event === "request.created");
  assertEquals(created.map(({ actor, subject }) => [actor, subject]), [
    [(await personOf(deps, zeca)).id, request.id],
  ]);
  assertEquals(await verifyStream(deps.kv, CNES), { records: 1, brokenAt: null });
});

Deno.test("J13: administrators are told in their chat, or by e-mail when they have none", async () => {
  using deps = await peopled();
  await seedMember(deps, lia);
  must(await ask(deps, zeca));
  assertEquals([await chats(deps), await noticesTo(deps, lia)], [[], 1]);
  await linkChat(deps, lia);
  must(await ask(deps, caio));
  assertEquals([await chats(deps), await noticesTo(deps, lia)], [[7001], 1]);
});

Deno.test("nobody is told who does not decide there: elsewhere, deactivated, other profiles", async () => {
  using deps = await peopled();
  await seedMember(deps, lia, "ADMINISTRADOR", SECOND_CNES);
  must(await ask(deps, zeca));
  assertEquals(await noticesTo(deps, lia), 0);
  await deactivate(deps, lia);
  must(await ask(deps, zeca, { ...OPERADOR, cnes: SECOND_CNES }));
  assertEquals(await noticesTo(deps, lia), 0);
});

Deno.test("J14: a request made when there was no administrator reaches the next one", async () => {
  using deps = await peopled();
  const request = must(await ask(deps, zeca));
  await seedMember(deps, lia);
  assertEquals((await listPending(deps, [CNES])).map(({ id }) => id), [request.id]);
  const decision = {
    requestId: request.id,
    outcome: "aprovada",
    by: await idOf(deps, lia),
    via: "portal",
    standing: UNLIMITED,
  } as const;
  must(await decideRequest(deps, decision));
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  using deps = await peopled();
  const wrong: [string, Partial<typeof OPERADOR>][] = [
    ["establishment_invalid", { cnes: "123" }],
    ["establishment_invalid", { cnes: "abcdefg" }],
    ["establishment_invalid", { cnes: "" }],
    ["establishment_not_found", { cnes: "7777777" }],
    ["establishment_inactive", { cnes: CLOSED_CNES }],
    ["profile_unknown", { profile: "operador" }],
    ["profile_unknown", { profile: "" }],
    ["profile_unknown", { profile: "constructor" }],
  ];
  for (const [code, change] of wrong) {
    const refused = await ask(deps, zeca, { ...OPERADOR, ...change });
    assertEquals(codeOf(refused), code, JSON.stringify(change));
  }
  assertEquals(await listRequestsOf(deps, await idOf(deps, zeca)), []);
});

Deno.test("one open request per person and establishment, however often it is posted", async () => {
  using deps = await peopled();
  const outcomes = await Promise.all([1, 2, 3].map(() => ask(deps, zeca)));
  assertEquals(outcomes.map(codeOf).sort(), [
    "ok",
    "request_already_pending",
    "request_already_pending",
  ]);
  const other = await ask(deps, zeca, { ...OPERADOR, profile: "CADASTRADOR" });
  assertEquals(codeOf(other), "request_already_pending");
  assertEquals((await listPending(deps, [CNES])).length, 1);
  // Elsewhere, or somebody else, is another matter.
  must(await ask(deps, zeca, { ...OPERADOR, cnes: SECOND_CNES }));
  must(await ask(deps, caio));
});

Deno.test("who has a profile there does not ask again", async () => {
  using deps = await peopled();
  await seedMember(deps, lia);
  assertEquals(await ask(deps, lia), {
    ok: false,
    code: "already_member",
    detail: { perfil: "ADMINISTRADOR" },
  });
});

Deno.test("after a rejection one may ask again, after an approval not", async () => {
  using deps = await peopled();
  await seedMember(deps, lia);
  const first = must(await ask(deps, zeca));
  const by = { by: await idOf(deps, lia), via: "portal", standing: UNLIMITED } as const;
  must(
    await decideRequest(deps, {
      requestId: first.id,
      outcome: "reprovada",
      reason: "Setor errado",
      ...by,
    }),
  );
  deps.advance(1);
  const second = must(await ask(deps, zeca));
  must(await decideRequest(deps, { requestId: second.id, outcome: "aprovada", ...by }));
  assertEquals(codeOf(await ask(deps, zeca)), "already_member");
  const states = (await listRequestsOf(deps, await idOf(deps, zeca))).map(({ state }) => state);
  assertEquals(states, ["aprovada", "aprovada", "reprovada", "reprovada"], "newest first");
});

Deno.test("requests of other people and establishments are not in the lists", async () => {
  using deps = await peopled();
  const own = must(await ask(deps, zeca));
  must(await ask(deps, caio, { ...OPERADOR, cnes: BETA_CNES }));
  assertEquals(
    (await listRequestsOf(deps, await idOf(deps, zeca))).map(({ id }) => id).sort(),
    [
      own.id,
      own.establishmentRequest,
    ].sort(),
  );
  assertEquals((await listPending(deps, [CNES, SECOND_CNES])).map(({ id }) => id), [own.id]);
  assertEquals(await listPending(deps, []), []);
  assertEquals(await listPending(deps, ["7777777", ""]), []);
  assertEquals(await listRequestsOf(deps, (await seedPerson(deps, lia)).id), []);
});

Deno.test("an establishment closed after the request can start no other", async () => {
  using deps = await peopled();
  must(await ask(deps, zeca));
  await seedEstablishment(deps, { active: false });
  assertEquals(codeOf(await ask(deps, caio)), "establishment_inactive");
});

Deno.test("a refused request leaves no trace in any index", async () => {
  using deps = await peopled();
  await ask(deps, zeca, { ...OPERADOR, cnes: CLOSED_CNES });
  for (const prefix of [["request"], ["request_open"], keys.requestPending.under(CLOSED_CNES)]) {
    assert((await Array.fromAsync(deps.kv.list({ prefix }))).length === 0);
  }
});
