import { assert, assertEquals } from "@std/assert";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram_link.ts";
import { verifyStream } from "../../audit/chain.ts";
import { getEstablishment } from "../../registry/establishment.ts";
import { putEstablishment } from "../../registry/establishment_testing.ts";
import { keys } from "../../store/keys.ts";
import {
  auditRecords,
  BETA_CNES,
  caio,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  SECOND_CNES,
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { decideRequest } from "./decide.ts";
import { createRequest } from "./create.ts";
import { listPending, listRequestsOf } from "./request.ts";

type World = Awaited<ReturnType<typeof world>>;

const OPERADOR = { cnes: CNES, profile: "OPERADOR" };
const CHAT = { userId: 7001, chatId: 7001, name: "Lia" };

/** Zeca and Caio ask; nobody decides yet. */
async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  for (const person of [zeca, caio]) await enterUser(portal, person);
  return portal;
}

async function ask(portal: World, person: WorldPerson, form = OPERADOR) {
  return await createRequest(portal, await personOf(portal, person), form);
}

async function linkChat(portal: World, person: WorldPerson) {
  const stored = await personOf(portal, person);
  must(await claimLinkCode(portal, await createLinkCode(portal, stored), CHAT));
  must(await confirmLink(portal, stored));
}

async function chats(portal: World) {
  const created = (await messages(portal)).filter((message) =>
    message.channel === "chat" && message.what === "request_created"
  );
  return created.map((message) => message.channel === "chat" ? message.chatId : 0);
}

async function noticesTo(portal: World, person: WorldPerson): Promise<number> {
  const mails = await mailsTo(portal, person.email);
  return mails.filter(({ subject }) => subject.startsWith("Novo pedido")).length;
}

Deno.test("a request waits, with its person, place and profile, and the log tells of it", async () => {
  using portal = await peopled();
  const request = must(await ask(portal, zeca));
  assertEquals([request.cnes, request.cpf, request.profile, request.state], [
    CNES,
    zeca.cpf,
    "OPERADOR",
    "pendente",
  ]);
  assertEquals(await listPending(portal, [CNES]), [request]);
  const own = await listRequestsOf(portal, zeca.cpf);
  assertEquals(own.map(({ step, state }) => `${step} ${state}`).sort(), [
    "estabelecimento pendente",
    "perfil pendente",
  ]);
  assertEquals(own.find(({ step }) => step === "perfil"), request);
  const created = (await auditRecords(portal)).filter(({ event }) => event === "request.created");
  assertEquals(created.map(({ actor, subject }) => [actor, subject]), [
    [(await personOf(portal, zeca)).id, request.id],
  ]);
  assertEquals(await verifyStream(portal.kv, CNES), { records: 1, brokenAt: null });
});

Deno.test("J13: administrators are told in their chat, or by e-mail when they have none", async () => {
  using portal = await peopled();
  await enterAdministrator(portal, lia);
  must(await ask(portal, zeca));
  assertEquals([await chats(portal), await noticesTo(portal, lia)], [[], 1]);
  await linkChat(portal, lia);
  must(await ask(portal, caio));
  assertEquals([await chats(portal), await noticesTo(portal, lia)], [[7001], 1]);
});

Deno.test("nobody is told who does not decide there: elsewhere, deactivated, other profiles", async () => {
  using portal = await peopled();
  await enterAdministrator(portal, lia, SECOND_CNES);
  must(await ask(portal, zeca));
  assertEquals(await noticesTo(portal, lia), 0);
  await deactivate(portal, lia);
  must(await ask(portal, zeca, { ...OPERADOR, cnes: SECOND_CNES }));
  assertEquals(await noticesTo(portal, lia), 0);
});

Deno.test("J14: a request made when there was no administrator reaches the next one", async () => {
  using portal = await peopled();
  const request = must(await ask(portal, zeca));
  await enterAdministrator(portal, lia);
  assertEquals((await listPending(portal, [CNES])).map(({ id }) => id), [request.id]);
  const decision = {
    requestId: request.id,
    outcome: "aprovada",
    by: lia.cpf,
    via: "portal",
  } as const;
  must(await decideRequest(portal, decision));
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  using portal = await peopled();
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
    const refused = await ask(portal, zeca, { ...OPERADOR, ...change });
    assertEquals(codeOf(refused), code, JSON.stringify(change));
  }
  assertEquals(await listRequestsOf(portal, zeca.cpf), []);
});

Deno.test("one open request per person and establishment, however often it is posted", async () => {
  using portal = await peopled();
  const outcomes = await Promise.all([1, 2, 3].map(() => ask(portal, zeca)));
  assertEquals(outcomes.map(codeOf).sort(), [
    "ok",
    "request_already_pending",
    "request_already_pending",
  ]);
  const other = await ask(portal, zeca, { ...OPERADOR, profile: "CADASTRADOR" });
  assertEquals(codeOf(other), "request_already_pending");
  assertEquals((await listPending(portal, [CNES])).length, 1);
  // Elsewhere, or somebody else, is another matter.
  must(await ask(portal, zeca, { ...OPERADOR, cnes: SECOND_CNES }));
  must(await ask(portal, caio));
});

Deno.test("who has a profile there does not ask again", async () => {
  using portal = await peopled();
  await enterAdministrator(portal, lia);
  assertEquals(await ask(portal, lia), {
    ok: false,
    code: "already_member",
    detail: { perfil: "ADMINISTRADOR" },
  });
});

Deno.test("after a rejection one may ask again, after an approval not", async () => {
  using portal = await peopled();
  await enterAdministrator(portal, lia);
  const first = must(await ask(portal, zeca));
  const by = { by: lia.cpf, via: "portal" } as const;
  must(
    await decideRequest(portal, {
      requestId: first.id,
      outcome: "reprovada",
      reason: "Setor errado",
      ...by,
    }),
  );
  portal.advance(1);
  const second = must(await ask(portal, zeca));
  must(await decideRequest(portal, { requestId: second.id, outcome: "aprovada", ...by }));
  assertEquals(codeOf(await ask(portal, zeca)), "already_member");
  const states = (await listRequestsOf(portal, zeca.cpf)).map(({ state }) => state);
  assertEquals(states, ["aprovada", "aprovada", "reprovada", "reprovada"], "newest first");
});

Deno.test("requests of other people and establishments are not in the lists", async () => {
  using portal = await peopled();
  const own = must(await ask(portal, zeca));
  must(await ask(portal, caio, { ...OPERADOR, cnes: BETA_CNES }));
  assertEquals(
    (await listRequestsOf(portal, zeca.cpf)).map(({ id }) => id).sort(),
    [
      own.id,
      own.establishmentRequest,
    ].sort(),
  );
  assertEquals((await listPending(portal, [CNES, SECOND_CNES])).map(({ id }) => id), [own.id]);
  assertEquals(await listPending(portal, []), []);
  assertEquals(await listPending(portal, ["7777777", ""]), []);
  assertEquals(await listRequestsOf(portal, lia.cpf), []);
});

Deno.test("an establishment closed after the request can start no other", async () => {
  using portal = await peopled();
  must(await ask(portal, zeca));
  const open = (await getEstablishment(portal, CNES))!;
  await putEstablishment(portal, { ...open, active: false });
  assertEquals(codeOf(await ask(portal, caio)), "establishment_inactive");
});

Deno.test("a refused request leaves no trace in any index", async () => {
  using portal = await peopled();
  await ask(portal, zeca, { ...OPERADOR, cnes: CLOSED_CNES });
  for (const prefix of [["request"], ["request_open"], keys.requestPending.under(CLOSED_CNES)]) {
    assert((await Array.fromAsync(portal.kv.list({ prefix }))).length === 0);
  }
});
