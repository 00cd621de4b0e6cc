import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { decideRequest } from "../../core/access/requests/decide.ts";
import { keys } from "../../core/store/keys.ts";
import {
  CLINIC,
  HOSPITAL,
  inBothModes,
  MARIA,
  STRANGER,
  type TestWorld,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { auditRecords, seedMember, seedTelegramLink } from "@/tests/fixtures/mod.ts";

/** Requests of `count` people at the hospital and the clinic in turn, a minute apart. */
async function askMany(world: TestWorld, count: number) {
  const ids: string[] = [];
  for (let i = 1; i <= count; i++) {
    const person = await world.addPerson(`Pessoa ${"ABCDEFGHIJKLMN"[i - 1]}`, 200 + i);
    ids.push((await world.ask(person, i % 2 ? HOSPITAL : CLINIC)).id);
    world.deps.advance(60_000);
  }
  return ids;
}

/** The names in the requests that a chat shows with buttons, in its order. */
function shown({ telegram }: TestWorld): string[] {
  return telegram.messages(MARIA)
    .filter(({ keyboard }) => JSON.stringify(keyboard)?.includes("Aprovar"))
    .map(({ text }) => /Pessoa (.)/.exec(text)![1]!);
}

inBothModes("what waits is listed oldest first, five at a time", async (world) => {
  const { telegram } = world;
  await askMany(world, 12);
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  await seedMember(world.deps, maria, "ADMINISTRADOR", CLINIC);

  telegram.sendText(MARIA, "/pendentes");
  const more = await world.seen(MARIA, "Há mais pedidos");
  assertEquals(shown(world), [..."ABCDE"]);
  telegram.tap(MARIA, more.message_id, "Mostrar mais");
  const last = await telegram.waitFor(() => {
    const found = telegram.messages(MARIA).findLast(({ text }) => text.includes("Há mais pedidos"));
    return found !== more && found;
  });
  assertEquals(shown(world), [..."ABCDEFGHIJ"]);
  telegram.tap(MARIA, last.message_id, "Mostrar mais");
  await world.seen(MARIA, "Pessoa L");
  await world.settled();
  assertEquals(shown(world), [..."ABCDEFGHIJKL"]);
});

Deno.test("only establishments that one administers are listed", () =>
  withWorld("polling", async (world) => {
    await askMany(world, 4);
    const maria = await world.addAdministrator("Maria Prado", 101, CLINIC, MARIA);
    await seedMember(world.deps, maria, "OPERADOR", HOSPITAL);
    world.telegram.sendText(MARIA, "/pendentes");
    await world.seen(MARIA, "Pessoa D");
    await world.settled();
    assertEquals(shown(world), ["B", "D"]);
  }));

Deno.test("a request shown again has its buttons in one message only, which gets the outcome", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    telegram.start(MARIA);
    await world.settled();
    const [id] = await askMany(world, 1);
    const first = await world.seen(MARIA, "Pessoa A");
    telegram.sendText(MARIA, "/pendentes");
    await telegram.waitFor(() => first.text.includes("mais abaixo") && !first.keyboard);
    assertEquals(shown(world), ["A"]);
    await decideRequest(deps, {
      requestId: id!,
      outcome: "aprovada",
      by: maria.id,
      via: "portal",
      standing: UNLIMITED,
    });
    await world.drain();
    const newest = await world.seen(MARIA, "Aprovado por Maria Prado");
    assertEquals(newest.keyboard, undefined);
    assertEquals(shown(world), []);
  }));

Deno.test("with nothing waiting it says so", () =>
  withWorld("polling", async (world) => {
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    world.telegram.sendText(MARIA, "/pendentes");
    await world.seen(MARIA, "Nenhum pedido espera");
  }));

Deno.test("nothing is listed for somebody who administers nothing", () =>
  withWorld("polling", async (world) => {
    await askMany(world, 2);
    const maria = await world.addPerson("Maria Prado", 101);
    await seedMember(world.deps, maria, "OPERADOR", HOSPITAL);
    await seedTelegramLink(world.deps, maria, MARIA);
    world.telegram.sendText(MARIA, "/pendentes");
    await world.seen(MARIA, "não é ADMINISTRADOR de nenhum CNES");
    assertEquals(shown(world), []);
  }));

Deno.test("nothing is listed for an account that is not linked", () =>
  withWorld("polling", async (world) => {
    await askMany(world, 2);
    world.telegram.sendText(STRANGER, "/pendentes");
    await world.seen(STRANGER, "não está ligado a um cadastro ativo");
    assertEquals(world.telegram.messages(STRANGER).length, 2);
  }));

Deno.test("nothing is listed for a deactivated person", () =>
  withWorld("polling", async (world) => {
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    await askMany(world, 2);
    await world.deps.kv.set(keys.account(maria.id), { ...maria, active: false });
    world.telegram.sendText(MARIA, "/pendentes");
    await world.seen(MARIA, "não está ligado a um cadastro ativo");
    assertEquals(shown(world), []);
  }));

Deno.test("a list button forwarded to an account that is not linked shows nothing", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    await askMany(world, 6);
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    await world.addAdministrator("João Reis", 102, CLINIC);
    telegram.start(STRANGER);
    await world.seen(STRANGER, "Para ligar");
    telegram.tap(STRANGER, 1, "l", { unchecked: true });
    await world.seen(STRANGER, "não está ligado a um cadastro ativo");
    const [denied] = (await auditRecords(world.deps, "portal")).filter(({ event }) =>
      event === "telegram.denied"
    );
    assertEquals([denied?.actor, denied?.subject], [`telegram:${STRANGER}`, "telegram"]);
  }));
