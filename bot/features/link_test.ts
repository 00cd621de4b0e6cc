import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  confirmLink,
  createLinkCode,
  getTelegramLink,
  getTelegramLinking,
  getTelegramOwner,
  LINK_CODE_LIFE,
} from "../../core/account/telegram/link.ts";
import {
  CLINIC,
  HOSPITAL,
  inBothModes,
  JOAO,
  MARIA,
  STRANGER,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { seedMember } from "@/tests/fixtures/mod.ts";

inBothModes(
  "a code says whose it is, and nothing is linked before the site confirms",
  async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addPerson("Maria <Prado>", 101);
    telegram.start(MARIA, await createLinkCode(deps, maria));
    const answer = await world.seen(MARIA, "Falta um passo");
    assertStringIncludes(answer.text, "Maria <Prado>, CPF ***.000.101-**");
    assertStringIncludes(answer.text, "por enquanto não administra nenhum CNES");
    assertStringIncludes(answer.text, "http://localhost:8000/conta/telegram");
    assertEquals(await getTelegramLink(deps, maria.id), null);
    assertEquals((await getTelegramLinking(deps, maria.id))?.claimedBy?.userId, MARIA);
  },
);

inBothModes("the chat names the establishments before anything is confirmed", async (world) => {
  const { deps, telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL);
  await seedMember(world.deps, maria, "ADMINISTRADOR", CLINIC);
  telegram.start(MARIA, await createLinkCode(deps, maria));
  const { text } = await world.seen(MARIA, "Falta um passo");
  assertStringIncludes(
    text,
    "que administra:\n• CNES 2077485, Hospital Ipê\n• CNES 3001229, Clínica <Sul> & Cia",
  );
});

inBothModes("a code is spent by the first who sends it", async (world) => {
  const { deps, telegram } = world;
  const maria = await world.addPerson("Maria Prado", 101);
  const code = await createLinkCode(deps, maria);
  telegram.start(MARIA, code);
  await world.seen(MARIA, "Falta um passo");
  telegram.start(JOAO, code);
  const second = await world.seen(JOAO, "não vale mais");
  assert(!second.text.includes("Maria"));
  telegram.start(MARIA, code);
  await world.seen(MARIA, "não vale mais");
  assert((await confirmLink(deps, maria, UNLIMITED)).ok);
  assertEquals(await getTelegramOwner(deps, MARIA), maria.id);
  assertEquals(await getTelegramOwner(deps, JOAO), null);
  telegram.start(JOAO, code);
  await world.settled();
  assertEquals(await getTelegramOwner(deps, JOAO), null);
});

inBothModes("an expired code links nobody", async (world) => {
  const { deps, telegram } = world;
  const maria = await world.addPerson("Maria Prado", 101);
  const code = await createLinkCode(deps, maria);
  deps.advance(LINK_CODE_LIFE);
  telegram.start(MARIA, code);
  await world.seen(MARIA, "não vale mais");
  assert(!(await confirmLink(deps, maria, UNLIMITED)).ok);
});

for (const code of ["errado", "-", "A".repeat(64), "__proto__"]) {
  Deno.test(`the code ${code} links nobody`, () =>
    withWorld("polling", async (world) => {
      await world.addPerson("Maria Prado", 101);
      world.telegram.start(STRANGER, code);
      await world.seen(STRANGER, "não vale mais");
      assertEquals(await getTelegramOwner(world.deps, STRANGER), null);
    }));
}

Deno.test("a Telegram account of somebody else takes no second person", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    const joao = await world.addPerson("João Reis", 102);
    telegram.start(MARIA, await createLinkCode(deps, joao));
    await world.seen(MARIA, "já está ligada a outra pessoa");
    assert(!(await confirmLink(deps, joao, UNLIMITED)).ok);
    assertEquals(await getTelegramOwner(deps, MARIA), maria.id);
  }));

Deno.test("a code in a group is not spent", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addPerson("Maria Prado", 101);
    const code = await createLinkCode(deps, maria);
    telegram.addGroup(-500, "Equipe", [MARIA, JOAO]);
    telegram.sendText(MARIA, `/start ${code}`, { chat: -500 });
    const answer = await world.seen(-500, "Em grupos");
    assert(!answer.text.includes("Prado"));
    telegram.start(MARIA, code);
    await world.seen(MARIA, "Falta um passo");
  }));

Deno.test("start without a code explains how to link, or says that it is done", () =>
  withWorld("polling", async (world) => {
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    world.telegram.start(MARIA);
    await world.seen(MARIA, "já está ligado");
    world.telegram.start(STRANGER);
    const answer = await world.seen(STRANGER, "Para ligar este Telegram");
    assertStringIncludes(answer.text, "10 minutos");
  }));

Deno.test("an answer that cannot be sent does not spend the code a second time", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addPerson("Maria Prado", 101);
    telegram.faults.push({ method: "sendMessage", status: 500 });
    telegram.start(MARIA, await createLinkCode(deps, maria));
    await world.settled();
    assertEquals((await getTelegramLinking(deps, maria.id))?.claimedBy?.userId, MARIA);
    assertEquals(telegram.messages(MARIA).length, 1);
  }));
