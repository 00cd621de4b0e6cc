import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { decideRequest } from "../../core/access/requests/decide.ts";
import { unlink } from "../../core/account/telegram/link.ts";
import {
  HOSPITAL,
  inBothModes,
  JOAO,
  MARIA,
  type TestWorld,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { auditRecords } from "@/tests/fixtures/mod.ts";
import { QUESTION_LIFE } from "./written_reason.ts";

/** Maria was asked for the reason to reject Ana's request. */
async function askedForReason(world: TestWorld) {
  const { telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const joao = await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
  const ana = await world.addPerson("Ana Luz", 201);
  telegram.start(MARIA);
  telegram.start(JOAO);
  await world.settled();
  const { id } = await world.ask(ana, HOSPITAL);
  const card = await world.seen(MARIA, "Ana Luz");
  telegram.tap(MARIA, card.message_id, "Reprovar");
  await world.seen(MARIA, "Por que reprovar?");
  telegram.tap(MARIA, card.message_id, "Escrever motivo");
  const question = await world.seen(MARIA, "Responda a esta mensagem");
  await world.settled();
  return { maria, joao, ana, id, card, question };
}

inBothModes("rejected with a reason in one's own words", async (world) => {
  const { telegram } = world;
  const { id, ana, card, question } = await askedForReason(world);
  assertStringIncludes(question.text, "Ana Luz (CNES 2077485)");
  telegram.sendText(MARIA, "Não trabalha <mais> aqui &\n saiu em maio", {
    replyTo: question.message_id,
  });
  await world.seen(MARIA, "Reprovado por Maria Prado");
  await world.seen(MARIA, "Pedido reprovado.");
  await world.settled();
  assertStringIncludes(card.text, "Motivo: Não trabalha <mais> aqui & saiu em maio");
  assertEquals(card.keyboard, undefined);
  assertEquals((await world.request(id)).reason, "Não trabalha <mais> aqui & saiu em maio");
  const mail = world.mails.find(({ to }) => to === ana.email);
  assertStringIncludes(mail!.text, "Não trabalha <mais> aqui & saiu em maio");
});

Deno.test("a reason that is too long is refused and can be sent again", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, question } = await askedForReason(world);
    telegram.sendText(MARIA, "x".repeat(501), { replyTo: question.message_id });
    await world.seen(MARIA, "até 500 letras");
    assertEquals((await world.request(id)).state, "pendente");
    telegram.sendText(MARIA, "x".repeat(500), { replyTo: question.message_id });
    await world.seen(MARIA, "Reprovado por Maria Prado");
  }));

Deno.test("an answer that comes too late decides nothing", () =>
  withWorld("polling", async (world) => {
    const { id, question } = await askedForReason(world);
    world.deps.advance(QUESTION_LIFE);
    world.telegram.sendText(MARIA, "Motivo", { replyTo: question.message_id });
    await world.seen(MARIA, "Passou muito tempo");
    assertEquals((await world.request(id)).state, "pendente");
  }));

Deno.test("a text that replies to nothing, or to something else, is no reason", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card } = await askedForReason(world);
    for (const options of [{}, { replyTo: card.message_id }]) {
      telegram.sendText(MARIA, "Motivo", options);
      await world.settled();
      assertStringIncludes(telegram.messages(MARIA).at(-1)!.text, "Não entendi");
    }
    assertEquals((await world.request(id)).state, "pendente");
  }));

Deno.test("a command that replies to the question is a command", () =>
  withWorld("polling", async (world) => {
    const { id, question } = await askedForReason(world);
    world.telegram.sendText(MARIA, "/ajuda", { replyTo: question.message_id });
    await world.seen(MARIA, "O que este robô faz");
    assertEquals((await world.request(id)).state, "pendente");
  }));

Deno.test("the question of one chat means nothing in another", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, question } = await askedForReason(world);
    const forwarded = telegram.forward(MARIA, question.message_id, JOAO);
    telegram.sendText(JOAO, "Motivo", { replyTo: forwarded.message_id });
    await world.seen(JOAO, "Não entendi");
    assertEquals((await world.request(id)).state, "pendente");
  }));

Deno.test("powers lost between the question and the answer", () =>
  withWorld("polling", async (world) => {
    const { id, question, maria } = await askedForReason(world);
    await world.removeMember(HOSPITAL, maria);
    world.telegram.sendText(MARIA, "Motivo", { replyTo: question.message_id });
    await world.seen(MARIA, "não pode decidir");
    assertEquals((await world.request(id)).state, "pendente");
  }));

Deno.test("unlinked between the question and the answer", () =>
  withWorld("polling", async (world) => {
    const { id, question, maria } = await askedForReason(world);
    await unlink(world.deps, maria);
    world.telegram.sendText(MARIA, "Motivo", { replyTo: question.message_id });
    await world.seen(MARIA, "não está ligado a um cadastro ativo");
    assertEquals((await world.request(id)).state, "pendente");
    const events = (await auditRecords(world.deps, "portal")).map(({ event }) => event);
    assertEquals(events.at(-1), "telegram.denied");
  }));

Deno.test("decided by somebody else between the question and the answer", () =>
  withWorld("polling", async (world) => {
    const { id, question, joao, card } = await askedForReason(world);
    const by = joao.id;
    await decideRequest(world.deps, {
      requestId: id,
      outcome: "aprovada",
      by,
      via: "portal",
      standing: UNLIMITED,
    });
    world.telegram.sendText(MARIA, "Motivo", { replyTo: question.message_id });
    const told = await world.seen(MARIA, "já tinha sido aprovado");
    assertStringIncludes(told.text, "João Reis");
    assertStringIncludes(card.text, "Aprovado por João Reis");
    assertEquals((await world.request(id)).state, "aprovada");
  }));
