import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../../audit/chain.ts";
import type { ChatMessage } from "../../store/records/outbox.ts";
import {
  auditRecords,
  caio,
  codeOf,
  deactivate,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import {
  claimLinkCode,
  confirmLink,
  createLinkCode,
  getTelegramLink,
  getTelegramLinking,
  getTelegramOwner,
  LINK_CODE_LIFE,
  unlink,
} from "./link.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const LIA_ON_TELEGRAM = { userId: 7001, chatId: 7001, name: "Lia C." };
const STRANGER = { userId: 7002, chatId: 7002, name: "Lia C." };

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  await seedUser(deps, caio);
  return { deps, person: await personOf(deps, lia), other: await personOf(deps, caio) };
}

async function linked() {
  const all = await peopled();
  must(
    await claimLinkCode(all.deps, await createLinkCode(all.deps, all.person), LIA_ON_TELEGRAM),
  );
  must(await confirmLink(all.deps, all.person, UNLIMITED));
  return all;
}

async function chatMessages(deps: World): Promise<ChatMessage[]> {
  return (await messages(deps)).filter((message) => message.channel === "chat");
}

Deno.test("J12: code in the chat, confirmation on the site, then the account is linked", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  assert(/^[\w-]{22}$/.test(code));
  assertEquals(must(await claimLinkCode(deps, code, LIA_ON_TELEGRAM)).id, person.id);
  assertEquals(await getTelegramLink(deps, person.id), null, "not before it is confirmed");
  assertEquals(await getTelegramOwner(deps, 7001), null);
  assertEquals((await getTelegramLinking(deps, person.id))?.claimedBy?.name, "Lia C.");

  const link = must(await confirmLink(deps, person, UNLIMITED));
  assertEquals(await getTelegramLink(deps, person.id), link);
  assertEquals(await getTelegramOwner(deps, 7001), person.id);
  assertEquals(await getTelegramLinking(deps, person.id), null);
  assertEquals((await chatMessages(deps)).map(({ what }) => what), ["linked"]);
  const subjects = (await mailsTo(deps, lia.email)).map(({ subject }) => subject);
  assert(subjects.includes("Telegram ligado à sua conta"));
});

Deno.test("a code is good once: not twice, not for a second account", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  must(await claimLinkCode(deps, code, LIA_ON_TELEGRAM));
  for (const by of [LIA_ON_TELEGRAM, STRANGER]) {
    assertEquals(codeOf(await claimLinkCode(deps, code, by)), "link_code_invalid");
  }
  assertEquals((await getTelegramLinking(deps, person.id))?.claimedBy?.userId, 7001);
  must(await confirmLink(deps, person, UNLIMITED));
  assertEquals(codeOf(await claimLinkCode(deps, code, STRANGER)), "link_code_invalid");
  assertEquals(await getTelegramOwner(deps, STRANGER.userId), null);
});

Deno.test("two accounts send the code at once: one of them claims it", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  const outcomes = await Promise.all(
    [LIA_ON_TELEGRAM, STRANGER].map((by) => claimLinkCode(deps, code, by)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["link_code_invalid", "ok"]);
});

Deno.test("codes that are not good: unknown, damaged, replaced, too old", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  for (const typed of ["", "A".repeat(22), code.slice(0, 21), `${code}A`, code.toUpperCase()]) {
    const refused = await claimLinkCode(deps, typed, LIA_ON_TELEGRAM);
    assertEquals(codeOf(refused), "link_code_invalid", typed);
  }
  const newer = await createLinkCode(deps, person);
  assertNotEquals(newer, code);
  assertEquals(codeOf(await claimLinkCode(deps, code, LIA_ON_TELEGRAM)), "link_code_invalid");
  deps.advance(LINK_CODE_LIFE);
  assertEquals(codeOf(await claimLinkCode(deps, newer, LIA_ON_TELEGRAM)), "link_code_invalid");
  assertEquals(await getTelegramLinking(deps, person.id), null);
});

Deno.test("nothing to confirm: no code, not claimed, too late, twice", async () => {
  const { deps, person, other } = await peopled();
  using _ = deps;
  assertEquals(codeOf(await confirmLink(deps, person, UNLIMITED)), "link_code_invalid");
  const code = await createLinkCode(deps, person);
  assertEquals(codeOf(await confirmLink(deps, person, UNLIMITED)), "link_not_claimed");
  must(await claimLinkCode(deps, code, LIA_ON_TELEGRAM));
  // Only the person who made the code confirms it.
  assertEquals(codeOf(await confirmLink(deps, other, UNLIMITED)), "link_code_invalid");
  const outcomes = await Promise.all([
    confirmLink(deps, person, UNLIMITED),
    confirmLink(deps, person, UNLIMITED),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["link_code_invalid", "ok"]);
  assertEquals((await chatMessages(deps)).length, 1);

  must(await claimLinkCode(deps, await createLinkCode(deps, person), STRANGER));
  deps.advance(LINK_CODE_LIFE);
  assertEquals(codeOf(await confirmLink(deps, person, UNLIMITED)), "link_code_invalid");
  assertEquals((await getTelegramLink(deps, person.id))?.userId, 7001);
});

Deno.test("a new code takes back a claim that was not confirmed", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  must(await claimLinkCode(deps, await createLinkCode(deps, person), STRANGER));
  await createLinkCode(deps, person);
  assertEquals(codeOf(await confirmLink(deps, person, UNLIMITED)), "link_not_claimed");
  assertEquals(await getTelegramOwner(deps, STRANGER.userId), null);
});

Deno.test("a Telegram account belongs to one person", async () => {
  const { deps, person, other } = await linked();
  using _ = deps;
  const code = await createLinkCode(deps, other);
  const refused = await claimLinkCode(deps, code, LIA_ON_TELEGRAM);
  assertEquals(codeOf(refused), "link_chat_taken");
  assertEquals(await getTelegramOwner(deps, 7001), person.id);
});

Deno.test("an account that two people claimed goes to one who confirms", async () => {
  const { deps, person, other } = await peopled();
  using _ = deps;
  for (const who of [person, other]) {
    must(await claimLinkCode(deps, await createLinkCode(deps, who), LIA_ON_TELEGRAM));
  }
  const outcomes = await Promise.all([
    confirmLink(deps, person, UNLIMITED),
    confirmLink(deps, other, UNLIMITED),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["link_chat_taken", "ok"]);
  const owner = await getTelegramOwner(deps, 7001);
  const links = [await getTelegramLink(deps, person.id), await getTelegramLink(deps, other.id)];
  assertEquals(links.map((link) => link !== null), [owner === person.id, owner === other.id]);
});

Deno.test("another account takes the place of the linked one, which is told in its chat", async () => {
  const { deps, person } = await linked();
  using _ = deps;
  must(await claimLinkCode(deps, await createLinkCode(deps, person), STRANGER));
  must(await confirmLink(deps, person, UNLIMITED));
  assertEquals(await getTelegramOwner(deps, 7001), null);
  assertEquals(await getTelegramOwner(deps, 7002), person.id);
  const told = (await chatMessages(deps)).map(({ what, chatId }) => `${what} ${chatId}`);
  assertEquals(told.sort(), ["linked 7001", "linked 7002", "unlinked 7001"]);
});

Deno.test("a deactivated person claims nothing", async () => {
  const { deps, person } = await peopled();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  await deactivate(deps, lia);
  assertEquals(codeOf(await claimLinkCode(deps, code, LIA_ON_TELEGRAM)), "link_code_invalid");
});

Deno.test("unlinking ends it, once, and lets the account be linked anew", async () => {
  const { deps, person, other } = await linked();
  using _ = deps;
  await Promise.all([unlink(deps, person), unlink(deps, person)]);
  assertEquals(await getTelegramLink(deps, person.id), null);
  assertEquals(await getTelegramOwner(deps, 7001), null);
  const told = (await chatMessages(deps)).filter(({ what }) => what === "unlinked");
  assertEquals(told.length, 1);
  await unlink(deps, other);
  must(await claimLinkCode(deps, await createLinkCode(deps, other), LIA_ON_TELEGRAM));
  must(await confirmLink(deps, other, UNLIMITED));
});

Deno.test("unlinking takes back a code that was sent but not confirmed", async () => {
  const { deps, person } = await linked();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  await unlink(deps, person);
  assertEquals(codeOf(await claimLinkCode(deps, code, STRANGER)), "link_code_invalid");
  assertEquals(await getTelegramLinking(deps, person.id), null);
});

Deno.test("the log tells of links without CPF or code, the store holds no code", async () => {
  const { deps, person } = await linked();
  using _ = deps;
  const code = await createLinkCode(deps, person);
  await unlink(deps, person);
  const records = await auditRecords(deps);
  const events = records.filter(({ event }) => event.startsWith("telegram."));
  assertEquals(events.map(({ event, actor, subject }) => [event, actor, subject]), [
    ["telegram.linked", person.id, "telegram:7001"],
    ["telegram.unlinked", person.id, "telegram:7001"],
  ]);
  assert(!JSON.stringify(records).includes(lia.cpf));
  assertEquals((await verifyStream(deps.kv, "portal")).brokenAt, null);
  const entries = await Array.fromAsync(deps.kv.list({ prefix: [] }));
  assert(!Deno.inspect(entries, { depth: 20, iterableLimit: 10_000 }).includes(code));
});
