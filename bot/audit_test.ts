import { assertEquals } from "@std/assert";
import { verifyStream } from "../core/audit/chain.ts";
import {
  HOSPITAL,
  inBothModes,
  JOAO,
  MARIA,
  STRANGER,
  type TestWorld,
} from "@/tests/fixtures/bot.ts";
import { auditRecords } from "@/tests/fixtures/mod.ts";

/** What was done by Telegram accounts, as `account person action outcome`. */
async function deeds(world: TestWorld, stream: string, names: Record<string, string> = {}) {
  return (await auditRecords(world.deps, stream)).filter(({ event }) =>
    /^telegram\.(done|denied)$/.test(event)
  )
    .map(({ event, actor, detail: { telegramUser, action, outcome } }) => {
      assertEquals(event === "telegram.done", outcome === "ok");
      return `${telegramUser} ${names[actor] ?? actor} ${action} ${outcome}`;
    });
}

inBothModes("every tap and command that acts leaves account, person and outcome", async (world) => {
  const { telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const joao = await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
  const names = { [maria.id]: "Maria", [joao.id]: "João" };
  for (const id of [MARIA, JOAO, STRANGER]) telegram.start(id);
  await world.settled();
  const { id } = await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  const tap = async (user: number, data: string) => {
    telegram.tap(user, 1, data, { unchecked: true });
    await world.settled();
  };
  await tap(MARIA, `d:${id}`);
  await tap(MARIA, `r:${id}`);
  await tap(MARIA, `n:${id}:dados`);
  await tap(JOAO, `a:${id}`);
  await tap(STRANGER, `a:${id}`);
  await world.removeMember(HOSPITAL, joao);
  await tap(JOAO, `d:${id}`);
  for (const [user, text] of [[MARIA, "/pausar"], [MARIA, "/retomar"], [STRANGER, "/pausar"]]) {
    telegram.sendText(user as number, text as string);
    await world.settled();
  }
  assertEquals(await deeds(world, HOSPITAL, names), [
    `${MARIA} Maria details ok`,
    `${MARIA} Maria reject ok`,
    `${MARIA} Maria reason ok`,
    `${JOAO} João approve request_already_decided`,
    `${JOAO} João details not_allowed`,
  ]);
  const decided = (await auditRecords(world.deps, HOSPITAL)).filter(({ event }) =>
    event.startsWith("request.")
  )
    .filter(({ detail }) => detail.via === "telegram");
  assertEquals(decided.map(({ event, detail }) => [event, detail.telegramUser]), [
    ["request.reprovada", MARIA],
    ["request.decision_denied", JOAO],
  ]);
  assertEquals(await deeds(world, "portal", names), [
    `${STRANGER} telegram:${STRANGER} approve unlinked`,
    `${MARIA} Maria /pausar pause_nobody_left`,
    `${MARIA} Maria /retomar ok`,
    `${STRANGER} telegram:${STRANGER} /pausar unlinked`,
  ]);
  for (const stream of [HOSPITAL, "portal"]) {
    assertEquals((await verifyStream(world.deps.kv, stream)).brokenAt, null);
  }
});

inBothModes("a reason in one's own words, too", async (world) => {
  const { telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  telegram.start(MARIA);
  await world.settled();
  const { id } = await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  telegram.tap(MARIA, 1, `w:${id}`, { unchecked: true });
  const question = await world.seen(MARIA, "Responda a esta mensagem");
  telegram.sendText(MARIA, "Não trabalha mais aqui", { replyTo: question.message_id });
  await world.seen(MARIA, "Pedido reprovado");
  await world.settled();
  assertEquals(await deeds(world, HOSPITAL, { [maria.id]: "Maria" }), [
    `${MARIA} Maria write ok`,
    `${MARIA} Maria written_reason ok`,
  ]);
});
