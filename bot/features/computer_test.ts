import { assertEquals, assertStringIncludes } from "@std/assert";
import { getComputer } from "../../core/access/computers.ts";
import { cancelRequest } from "../../core/access/requests/create.ts";
import { askForComputer } from "../../core/access/requests/computer.ts";
import type { Account } from "../../core/store/records/account.ts";
import { HOSPITAL, inBothModes, MARIA, type TestWorld, withWorld } from "@/tests/fixtures/bot.ts";
import { seedMember } from "@/tests/fixtures/mod.ts";

const OLD = "A".repeat(43);
const NEW = "B".repeat(43);

/** Maria administers the hospital; Ana is OPERADOR there. */
async function prepare(world: TestWorld) {
  await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const ana = await world.addPerson("Ana Luz", 201);
  await seedMember(world.deps, ana, "OPERADOR", HOSPITAL);
  world.telegram.start(MARIA);
  await world.settled();
  return ana;
}

async function ask(world: TestWorld, person: Account, thumbprint: string, replaces = "") {
  const label = thumbprint === OLD ? "PAT-0001" : "PAT-0002";
  const form = { cnes: HOSPITAL, label, place: "Recepção", replaces };
  const asked = await askForComputer(world.deps, person, thumbprint, form);
  if (!asked.ok) throw new Error(asked.code);
  await world.drain();
  return asked.data.id;
}

const approved = async ({ deps }: TestWorld, { id }: Account, thumbprint: string) =>
  await getComputer(deps, HOSPITAL, id, thumbprint) !== null;

inBothModes("a computer is shown with label and place, and approved at once", async (world) => {
  const ana = await prepare(world);
  await ask(world, ana, OLD);
  const card = await world.seen(MARIA, "Pedido de computador");
  assertStringIncludes(
    card.text,
    "O quê: usar o computador PAT-0001, em Recepção, com o perfil OPERADOR (consulta,",
  );
  assertStringIncludes(card.text, "Identificação: informado pela operadora");
  world.telegram.tap(MARIA, card.message_id, "Aprovar");
  await world.seen(MARIA, "Aprovado por Maria Prado");
  await world.settled();
  assertEquals(await approved(world, ana, OLD), true);
});

inBothModes("one that takes the place of another is asked for once more", async (world) => {
  const { telegram } = world;
  const ana = await prepare(world);
  const first = await ask(world, ana, OLD);
  telegram.tap(MARIA, 1, `a:${first}`, { unchecked: true });
  await world.settled();
  await ask(world, ana, NEW, OLD);
  const card = await world.seen(MARIA, "No lugar do computador PAT-0001");
  const before = card.text;
  telegram.tap(MARIA, card.message_id, "Aprovar");
  await world.seen(MARIA, "Aprovar mesmo? O computador PAT-0001 deixa de valer na hora");
  await world.settled();
  assertEquals(await approved(world, ana, NEW), false);
  telegram.tap(MARIA, card.message_id, "Voltar");
  await telegram.waitFor(() => card.text === before);
  telegram.tap(MARIA, card.message_id, "Aprovar");
  await world.seen(MARIA, "Aprovar mesmo?");
  telegram.tap(MARIA, card.message_id, "Sim, aprovar");
  await world.seen(MARIA, "PAT-0002, em Recepção");
  await world.settled();
  assertStringIncludes(card.text, "Aprovado por Maria Prado");
  assertEquals([await approved(world, ana, OLD), await approved(world, ana, NEW)], [false, true]);
});

inBothModes(
  "cancelled by who asked: the message says so, and a tap decides nothing",
  async (world) => {
    const { telegram, deps } = world;
    const ana = await prepare(world);
    const id = await ask(world, ana, OLD);
    const card = await world.seen(MARIA, "Pedido de computador");
    const cancelled = await cancelRequest(deps, ana, id);
    assertEquals(cancelled.ok, true);
    telegram.tap(MARIA, card.message_id, `a:${id}`, { unchecked: true });
    await world.seen(MARIA, "A pessoa cancelou este pedido");
    await world.settled();
    assertStringIncludes(card.text, "Cancelado por quem pediu");
    assertEquals(card.keyboard, undefined);
    assertEquals(await approved(world, ana, OLD), false);
  },
);

Deno.test("the question is for those alone who may decide, and only where there is one", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const ana = await prepare(world);
    const id = await ask(world, ana, OLD);
    const card = await world.seen(MARIA, "Pedido de computador");
    const before = card.text;
    telegram.tap(MARIA, card.message_id, `q:${id}`, { unchecked: true });
    await world.settled();
    assertEquals([card.text, await approved(world, ana, OLD)], [before, false]);
  }));

Deno.test("the first request at an establishment asks for both, a later one for the profile", () =>
  withWorld("polling", async (world) => {
    await prepare(world);
    await world.ask(await world.addPerson("Bia Luz", 202), HOSPITAL);
    const card = await world.seen(MARIA, "Bia Luz");
    assertStringIncludes(card.text, "O quê: entrar no estabelecimento com o perfil OPERADOR");
  }));
