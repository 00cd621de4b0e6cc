import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runAlarms } from "../core/access/requests/alarms.ts";
import { createRequest } from "../core/access/requests/create.ts";
import { makeAdministrator } from "../core/access/change_membership.ts";
import { confirmLink, createLinkCode } from "../core/account/telegram/link.ts";
import {
  ALFA,
  caio,
  CNES,
  DAY,
  lia,
  must,
  nair,
  personOf,
  rosa,
  seedRegistries as openPortal,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { inBothModes, JOAO, MARIA, type TestWorld } from "@/tests/fixtures/bot.ts";

const HOUR = 60 * 60_000;

/** Rosa represents the operadora, three people work for it; it is 09:00 where the establishment is. */
async function prepare(world: TestWorld) {
  for (const person of [lia, caio, zeca, nair]) await seedUser(world.deps, person);
  await world.drain();
}

async function ask(world: TestWorld, person: TestPerson) {
  const form = { cnes: CNES, profile: "OPERADOR" };
  const asked = must(
    await createRequest(world.deps, await personOf(world.deps, person), form, UNLIMITED),
  );
  await world.drain();
  return asked.id;
}

async function appoint(world: TestWorld, person: TestPerson) {
  const { deps } = world;
  const [actor, administrator] = [await personOf(deps, rosa), await personOf(deps, person)];
  must(await makeAdministrator(deps, actor, ALFA, administrator, CNES));
  await pass(world, 30_000);
}

/** By the deep link and the site. */
async function link(world: TestWorld, person: TestPerson, account: number) {
  const stored = await personOf(world.deps, person);
  world.telegram.start(account, await createLinkCode(world.deps, stored));
  await world.seen(account, "Falta um passo");
  must(await confirmLink(world.deps, stored, UNLIMITED));
  await world.drain();
}

/** Time goes by; the cron has its turn, and what gathers for a digest has gathered. */
async function pass(world: TestWorld, ms: number) {
  world.deps.advance(ms);
  await runAlarms(world.deps);
  world.deps.advance(30_000);
  await world.drain();
}

const texts = (world: TestWorld, chat: number) =>
  world.telegram.messages(chat).filter(({ from }) => from.id !== chat).map(({ text }) => text);

const mails = (world: TestWorld, { email }: TestPerson, subject: string) =>
  world.mails.filter((mail) => mail.to === email && mail.subject.startsWith(subject)).length;

inBothModes(
  "J14: what was asked while nobody administered reaches those who come, without their asking",
  async (world) => {
    await prepare(world);
    await ask(world, zeca);
    await link(world, lia, MARIA);
    assert(!texts(world, MARIA).join().includes(zeca.name), "not hers to know yet");
    await appoint(world, lia);
    const told = await world.seen(MARIA, "1 pedido espera a sua decisão");
    world.telegram.tap(MARIA, told.message_id, "Ver pedidos");
    await world.seen(MARIA, `Quem: ${zeca.name}`);
    await world.settled();

    await appoint(world, caio);
    assertEquals(mails(world, caio, "Pedidos de acesso esperam"), 1);
    await link(world, caio, JOAO);
    const welcome = await world.seen(JOAO, "À espera da sua decisão:");
    assertStringIncludes(welcome.text, zeca.name);
  },
  openPortal,
);

inBothModes(
  "J14: a reminder after a day, to the representative after three, the end after fifteen",
  async (world) => {
    await prepare(world);
    await link(world, lia, MARIA);
    await appoint(world, lia);
    await ask(world, zeca);
    const card = await world.seen(MARIA, `Quem: ${zeca.name}`);
    const reminders = () => texts(world, MARIA).filter((text) => text.includes("1 pedido espera"));

    await pass(world, DAY - 2 * 60_000);
    assertEquals(reminders().length, 0);
    await pass(world, 2 * 60_000);
    assertEquals([reminders().length, mails(world, rosa, "Pedidos sem decisão")], [1, 0]);
    await pass(world, 2 * DAY);
    assertEquals([reminders().length, mails(world, rosa, "Pedidos sem decisão")], [2, 1]);

    await pass(world, 12 * DAY);
    assertStringIncludes(card.text, "Expirado sem decisão");
    assertEquals(card.keyboard, undefined);
    assertEquals(mails(world, zeca, "Seu pedido de acesso passou do prazo"), 1);
    world.telegram.tap(MARIA, card.message_id, `a:${await lastRequest(world)}`, {
      unchecked: true,
    });
    await world.seen(MARIA, "passou do prazo e não vale mais");
    await pass(world, 30 * DAY);
    assertEquals([reminders().length, mails(world, rosa, "Pedidos sem decisão")], [2, 1]);
  },
  openPortal,
);

inBothModes(
  "J14: nothing at night, and one message for many",
  async (world) => {
    await prepare(world);
    await link(world, lia, MARIA);
    await appoint(world, lia);
    // At 22:30 there: one day later the reminder waits for the morning.
    world.deps.advance(13.5 * HOUR);
    for (const person of [zeca, nair, caio]) await ask(world, person);
    const reminders = () =>
      texts(world, MARIA).filter((text) => text.includes("3 pedidos esperam"));
    await pass(world, DAY);
    assertEquals(reminders().length, 0);
    await pass(world, 9 * HOUR);
    assertEquals(reminders().length, 0);
    await pass(world, HOUR);
    assertEquals(reminders().length, 1);
  },
  openPortal,
);

async function lastRequest({ deps }: TestWorld): Promise<string> {
  const prefix = ["request_decided", CNES];
  const [last] = await Array.fromAsync(deps.kv.list({ prefix }, { limit: 1, reverse: true }));
  return last!.key[3] as string;
}
