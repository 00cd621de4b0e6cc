import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import type { ChatMessage } from "../store/records/outbox.ts";
import {
  auditRecords,
  caio,
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  world,
} from "../testing_world.ts";
import {
  claimLinkCode,
  confirmLink,
  createLinkCode,
  getTelegramLink,
  getTelegramLinking,
  getTelegramOwner,
  LINK_CODE_LIFE,
  unlink,
} from "./telegram_link.ts";

type World = Awaited<ReturnType<typeof world>>;

const LIA_ON_TELEGRAM = { userId: 7001, chatId: 7001, name: "Lia C." };
const STRANGER = { userId: 7002, chatId: 7002, name: "Lia C." };

async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  await enterUser(portal, caio);
  return { portal, person: await personOf(portal, lia), other: await personOf(portal, caio) };
}

async function linked() {
  const all = await peopled();
  must(
    await claimLinkCode(all.portal, await createLinkCode(all.portal, all.person), LIA_ON_TELEGRAM),
  );
  must(await confirmLink(all.portal, all.person));
  return all;
}

async function chatMessages(portal: World): Promise<ChatMessage[]> {
  return (await messages(portal)).filter((message) => message.channel === "chat");
}

Deno.test("J12: code in the chat, confirmation on the site, then the account is linked", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  assert(/^[\w-]{22}$/.test(code));
  assertEquals(must(await claimLinkCode(portal, code, LIA_ON_TELEGRAM)).id, person.id);
  assertEquals(await getTelegramLink(portal, lia.cpf), null, "not before it is confirmed");
  assertEquals(await getTelegramOwner(portal, 7001), null);
  assertEquals((await getTelegramLinking(portal, lia.cpf))?.claimedBy?.name, "Lia C.");

  const link = must(await confirmLink(portal, person));
  assertEquals(await getTelegramLink(portal, lia.cpf), link);
  assertEquals(await getTelegramOwner(portal, 7001), lia.cpf);
  assertEquals(await getTelegramLinking(portal, lia.cpf), null);
  assertEquals((await chatMessages(portal)).map(({ what }) => what), ["linked"]);
  const subjects = (await mailsTo(portal, lia.email)).map(({ subject }) => subject);
  assert(subjects.includes("Telegram ligado à sua conta"));
});

Deno.test("a code is good once: not twice, not for a second account", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  must(await claimLinkCode(portal, code, LIA_ON_TELEGRAM));
  for (const by of [LIA_ON_TELEGRAM, STRANGER]) {
    assertEquals(codeOf(await claimLinkCode(portal, code, by)), "link_code_invalid");
  }
  assertEquals((await getTelegramLinking(portal, lia.cpf))?.claimedBy?.userId, 7001);
  must(await confirmLink(portal, person));
  assertEquals(codeOf(await claimLinkCode(portal, code, STRANGER)), "link_code_invalid");
  assertEquals(await getTelegramOwner(portal, STRANGER.userId), null);
});

Deno.test("two accounts send the code at once: one of them claims it", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  const outcomes = await Promise.all(
    [LIA_ON_TELEGRAM, STRANGER].map((by) => claimLinkCode(portal, code, by)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["link_code_invalid", "ok"]);
});

Deno.test("codes that are not good: unknown, damaged, replaced, too old", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  for (const typed of ["", "A".repeat(22), code.slice(0, 21), `${code}A`, code.toUpperCase()]) {
    const refused = await claimLinkCode(portal, typed, LIA_ON_TELEGRAM);
    assertEquals(codeOf(refused), "link_code_invalid", typed);
  }
  const newer = await createLinkCode(portal, person);
  assertNotEquals(newer, code);
  assertEquals(codeOf(await claimLinkCode(portal, code, LIA_ON_TELEGRAM)), "link_code_invalid");
  portal.advance(LINK_CODE_LIFE);
  assertEquals(codeOf(await claimLinkCode(portal, newer, LIA_ON_TELEGRAM)), "link_code_invalid");
  assertEquals(await getTelegramLinking(portal, lia.cpf), null);
});

Deno.test("nothing to confirm: no code, not claimed, too late, twice", async () => {
  const { portal, person, other } = await peopled();
  using _ = portal;
  assertEquals(codeOf(await confirmLink(portal, person)), "link_code_invalid");
  const code = await createLinkCode(portal, person);
  assertEquals(codeOf(await confirmLink(portal, person)), "link_not_claimed");
  must(await claimLinkCode(portal, code, LIA_ON_TELEGRAM));
  // Only the person who made the code confirms it.
  assertEquals(codeOf(await confirmLink(portal, other)), "link_code_invalid");
  const outcomes = await Promise.all([confirmLink(portal, person), confirmLink(portal, person)]);
  assertEquals(outcomes.map(codeOf).sort(), ["link_code_invalid", "ok"]);
  assertEquals((await chatMessages(portal)).length, 1);

  must(await claimLinkCode(portal, await createLinkCode(portal, person), STRANGER));
  portal.advance(LINK_CODE_LIFE);
  assertEquals(codeOf(await confirmLink(portal, person)), "link_code_invalid");
  assertEquals((await getTelegramLink(portal, lia.cpf))?.userId, 7001);
});

Deno.test("a new code takes back a claim that was not confirmed", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  must(await claimLinkCode(portal, await createLinkCode(portal, person), STRANGER));
  await createLinkCode(portal, person);
  assertEquals(codeOf(await confirmLink(portal, person)), "link_not_claimed");
  assertEquals(await getTelegramOwner(portal, STRANGER.userId), null);
});

Deno.test("a Telegram account belongs to one person", async () => {
  const { portal, other } = await linked();
  using _ = portal;
  const code = await createLinkCode(portal, other);
  const refused = await claimLinkCode(portal, code, LIA_ON_TELEGRAM);
  assertEquals(codeOf(refused), "link_chat_taken");
  assertEquals(await getTelegramOwner(portal, 7001), lia.cpf);
});

Deno.test("an account that two people claimed goes to one who confirms", async () => {
  const { portal, person, other } = await peopled();
  using _ = portal;
  for (const who of [person, other]) {
    must(await claimLinkCode(portal, await createLinkCode(portal, who), LIA_ON_TELEGRAM));
  }
  const outcomes = await Promise.all([confirmLink(portal, person), confirmLink(portal, other)]);
  assertEquals(outcomes.map(codeOf).sort(), ["link_chat_taken", "ok"]);
  const owner = await getTelegramOwner(portal, 7001);
  const links = [await getTelegramLink(portal, lia.cpf), await getTelegramLink(portal, caio.cpf)];
  assertEquals(links.map((link) => link !== null), [owner === lia.cpf, owner === caio.cpf]);
});

Deno.test("another account takes the place of the linked one, which is told in its chat", async () => {
  const { portal, person } = await linked();
  using _ = portal;
  must(await claimLinkCode(portal, await createLinkCode(portal, person), STRANGER));
  must(await confirmLink(portal, person));
  assertEquals(await getTelegramOwner(portal, 7001), null);
  assertEquals(await getTelegramOwner(portal, 7002), lia.cpf);
  const told = (await chatMessages(portal)).map(({ what, chatId }) => `${what} ${chatId}`);
  assertEquals(told.sort(), ["linked 7001", "linked 7002", "unlinked 7001"]);
});

Deno.test("a deactivated person claims nothing", async () => {
  const { portal, person } = await peopled();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  await deactivate(portal, lia);
  assertEquals(codeOf(await claimLinkCode(portal, code, LIA_ON_TELEGRAM)), "link_code_invalid");
});

Deno.test("unlinking ends it, once, and lets the account be linked anew", async () => {
  const { portal, person, other } = await linked();
  using _ = portal;
  await Promise.all([unlink(portal, person), unlink(portal, person)]);
  assertEquals(await getTelegramLink(portal, lia.cpf), null);
  assertEquals(await getTelegramOwner(portal, 7001), null);
  const told = (await chatMessages(portal)).filter(({ what }) => what === "unlinked");
  assertEquals(told.length, 1);
  await unlink(portal, other);
  must(await claimLinkCode(portal, await createLinkCode(portal, other), LIA_ON_TELEGRAM));
  must(await confirmLink(portal, other));
});

Deno.test("unlinking takes back a code that was sent but not confirmed", async () => {
  const { portal, person } = await linked();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  await unlink(portal, person);
  assertEquals(codeOf(await claimLinkCode(portal, code, STRANGER)), "link_code_invalid");
  assertEquals(await getTelegramLinking(portal, lia.cpf), null);
});

Deno.test("the log tells of links without CPF or code, the store holds no code", async () => {
  const { portal, person } = await linked();
  using _ = portal;
  const code = await createLinkCode(portal, person);
  await unlink(portal, person);
  const records = await auditRecords(portal);
  const events = records.filter(({ event }) => event.startsWith("telegram."));
  assertEquals(events.map(({ event, actor, subject }) => [event, actor, subject]), [
    ["telegram.linked", person.id, "telegram:7001"],
    ["telegram.unlinked", person.id, "telegram:7001"],
  ]);
  assert(!JSON.stringify(records).includes(lia.cpf));
  assertEquals((await verifyStream(portal.kv, "portal")).brokenAt, null);
  const entries = await Array.fromAsync(portal.kv.list({ prefix: [] }));
  assert(!Deno.inspect(entries, { depth: 20, iterableLimit: 10_000 }).includes(code));
});
