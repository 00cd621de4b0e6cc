import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decideRequest } from "../../core/access/requests/decide.ts";
import { getMembership } from "../../core/access/membership.ts";
import { unlink } from "../../core/account/telegram/link.ts";
import { keys } from "../../core/store/keys.ts";
import type { Update } from "grammy/types";
import { AdministratorsBot } from "../administrators_bot.ts";
import { isPrivate } from "../private_chat.ts";
import { decisionFeature } from "./decision.ts";
import {
  CLINIC,
  HOSPITAL,
  inBothModes,
  JOAO,
  MARIA,
  RUI,
  STRANGER,
  type TestWorld,
  TOKEN,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { auditRecords, seedMember, seedTelegramLink } from "@/tests/fixtures/mod.ts";

/** Maria and João administer the hospital, Rui the clinic; Ana asks at the hospital. */
async function prepare(world: TestWorld) {
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const joao = await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
  const rui = await world.addAdministrator("Rui Mota", 103, CLINIC, RUI);
  const ana = await world.addPerson("Ana & Luz", 201);
  for (const id of [MARIA, JOAO, RUI, STRANGER]) world.telegram.start(id);
  await world.settled();
  const { id } = await world.ask(ana, HOSPITAL);
  const card = await world.seen(MARIA, "Ana & Luz");
  return { maria, joao, rui, ana, id, card };
}

async function assertPending(world: TestWorld, id: string) {
  const request = await world.request(id);
  assertEquals(request.state, "pendente");
  assertEquals(await getMembership(world.deps, request.cnes, request.account), null);
}

Deno.test("the app hears of a decision once it stands, and of no denial", () =>
  withWorld("polling", async (world) => {
    const { id } = await prepare(world);
    const heard: Promise<string>[] = [];
    const feature = decisionFeature(
      world.deps,
      () => void heard.push(world.request(id).then(({ state }) => state)),
    );
    const bot = new AdministratorsBot(world.deps, {
      token: TOKEN,
      apiRoot: world.telegram.apiRoot,
    });
    bot.filter(isPrivate, feature);
    await bot.init();
    const tap = (update_id: number, user: number, data: string) => {
      const from = { id: user, is_bot: false, first_name: "x" };
      const message = { message_id: 1, date: 0, chat: { ...from, type: "private" } };
      const callback_query = { id: "1", from, chat_instance: "1", data, message };
      return bot.handleUpdate({ update_id, callback_query } as unknown as Update);
    };
    await tap(1, RUI, `a:${id}`);
    assertEquals(heard.length, 0, "denied");
    await tap(2, MARIA, `a:${id}`);
    assertEquals(await Promise.all(heard), ["aprovada"]);
  }));

inBothModes("rejected with a usual reason", async (world) => {
  const { telegram } = world;
  const { id, card, ana } = await prepare(world);
  telegram.tap(MARIA, card.message_id, "Reprovar");
  await world.seen(MARIA, "Por que reprovar?");
  await assertPending(world, id);
  telegram.tap(MARIA, card.message_id, "Sem vínculo atual com este estabelecimento");
  await world.seen(MARIA, "Reprovado por Maria Prado");
  await world.settled();
  assertStringIncludes(card.text, "Motivo: Sem vínculo atual com este estabelecimento");
  assertEquals(card.keyboard, undefined);
  const mail = world.mails.find(({ to }) => to === ana.email);
  assertStringIncludes(mail!.text, "Sem vínculo atual com este estabelecimento");
  const other = await world.seen(JOAO, "Reprovado por Maria Prado");
  assertEquals(other.keyboard, undefined);
});

inBothModes(
  "two administrators at once: one decision, the other is told by whom",
  async (world) => {
    const { telegram } = world;
    const { id, card, ana } = await prepare(world);
    const other = await world.seen(JOAO, "Ana & Luz");
    telegram.tap(MARIA, card.message_id, "Aprovar");
    telegram.tap(JOAO, other.message_id, "Aprovar");
    await world.settled();
    const { decidedBy } = await world.request(id);
    const [winner, loser] = decidedBy?.name === "Maria Prado" ? [MARIA, JOAO] : [JOAO, MARIA];
    const told = await world.seen(loser, "já tinha sido aprovado");
    assertStringIncludes(told.text, decidedBy!.name);
    for (const { text, keyboard } of [card, other]) {
      assertStringIncludes(text, `Aprovado por ${decidedBy!.name}`);
      assertEquals(keyboard, undefined);
    }
    const outcomes = telegram.messages(winner).filter(({ text }) => text.includes("já tinha sido"));
    assertEquals(outcomes, []);
    assertEquals(world.mails.filter(({ to }) => to === ana.email).length, 1);
    const decisions = (await auditRecords(world.deps, HOSPITAL)).filter(({ event }) =>
      event === "request.aprovada"
    );
    assertEquals(decisions.length, 1);
  },
);

inBothModes("an administrator of another CNES taps a forwarded button", async (world) => {
  const { telegram } = world;
  const { id, card, rui } = await prepare(world);
  const forwarded = telegram.forward(MARIA, card.message_id, RUI);
  for (const button of ["Aprovar", "Reprovar"]) {
    telegram.tap(RUI, forwarded.message_id, button);
    await world.settled();
  }
  const denials = telegram.messages(RUI).filter(({ text }) => text.includes("não pode decidir"));
  assertEquals(denials.length, 2);
  await assertPending(world, id);
  const audit = (await auditRecords(world.deps, HOSPITAL)).filter(({ event }) =>
    event === "request.decision_denied"
  );
  assertEquals(audit.map(({ actor, subject }) => [actor, subject]), [[rui.id, id], [rui.id, id]]);
  assertStringIncludes(JSON.stringify(card.keyboard), "Aprovar");
});

inBothModes("a removed administrator taps an old button", async (world) => {
  const { telegram } = world;
  const { id, card, maria } = await prepare(world);
  await world.removeMember(HOSPITAL, maria);
  telegram.tap(MARIA, card.message_id, "Aprovar");
  await world.seen(MARIA, "não pode decidir");
  await assertPending(world, id);
});

inBothModes("an account that is not linked taps a forwarded button", async (world) => {
  const { telegram } = world;
  const { id, card } = await prepare(world);
  const forwarded = telegram.forward(MARIA, card.message_id, STRANGER);
  telegram.tap(STRANGER, forwarded.message_id, "Aprovar");
  await world.seen(STRANGER, "não está ligado a um cadastro ativo");
  await assertPending(world, id);
  const [denied] = (await auditRecords(world.deps, "portal")).filter(({ event }) =>
    event === "telegram.denied"
  );
  assertEquals(denied?.actor, `telegram:${STRANGER}`);
  assertEquals(denied?.subject, id);
  assertEquals(denied?.detail, {
    action: "approve",
    outcome: "unlinked",
    telegramUser: STRANGER,
  });
});

Deno.test("a former ADMINISTRADOR with another profile there is denied", () =>
  withWorld("polling", async (world) => {
    const { id, card, maria } = await prepare(world);
    await seedMember(world.deps, maria, "OPERADOR", HOSPITAL);
    for (const button of ["Aprovar", "Reprovar"]) {
      world.telegram.tap(MARIA, card.message_id, button);
      await world.settled();
    }
    await assertPending(world, id);
    assert(!card.text.includes("Por que reprovar"));
  }));

Deno.test("a deactivated person is denied", () =>
  withWorld("polling", async (world) => {
    const { id, card, maria } = await prepare(world);
    await world.deps.kv.set(keys.account(maria.id), { ...maria, active: false });
    world.telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.seen(MARIA, "não pode decidir");
    await assertPending(world, id);
  }));

Deno.test("after unlinking, the buttons that are still in the chat do nothing", () =>
  withWorld("polling", async (world) => {
    const { id, card, maria } = await prepare(world);
    await unlink(world.deps, maria);
    world.telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.seen(MARIA, "não está ligado a um cadastro ativo");
    await assertPending(world, id);
  }));

Deno.test("the account that has the administrator's user name is nobody", () =>
  withWorld("polling", async (world) => {
    const { id } = await prepare(world);
    world.telegram.addUser({ id: MARIA, first_name: "Maria" });
    world.telegram.addUser({ id: STRANGER, first_name: "Maria", username: "maria_prado" });
    world.telegram.tap(STRANGER, 1, `a:${id}`, { unchecked: true });
    await world.seen(STRANGER, "não está ligado a um cadastro ativo");
    await assertPending(world, id);
  }));

Deno.test("a tap in the private chat of somebody else decides nothing", () =>
  withWorld("polling", async (world) => {
    const { id, card } = await prepare(world);
    world.telegram.tap(RUI, card.message_id, `a:${id}`, { unchecked: true, chat: MARIA });
    world.telegram.tap(JOAO, card.message_id, `a:${id}`, { unchecked: true, chat: MARIA });
    await world.settled();
    await assertPending(world, id);
  }));

Deno.test("nobody decides their own request", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const rui = await world.addPerson("Rui Mota", 103);
    await seedTelegramLink(world.deps, rui, RUI);
    telegram.start(RUI);
    const { id } = await world.ask(rui, HOSPITAL);
    await seedMember(world.deps, rui, "ADMINISTRADOR", HOSPITAL);
    telegram.tap(RUI, 1, `a:${id}`, { unchecked: true });
    await world.seen(RUI, "Ninguém decide o próprio pedido");
    assertEquals((await world.request(id)).state, "pendente");
    assertEquals((await getMembership(deps, HOSPITAL, rui.id))?.profile, "ADMINISTRADOR");
  }));

Deno.test("a request decided on the site: the tap tells by whom and the message changes", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const { id, card, joao } = await prepare(world);
    // The outbox is not drained: the message still has its buttons.
    await decideRequest(deps, {
      requestId: id,
      outcome: "reprovada",
      reason: "Já tem outro acesso",
      by: joao.id,
      via: "portal",
      standing: UNLIMITED,
    });
    telegram.tap(MARIA, card.message_id, "Aprovar");
    const told = await world.seen(MARIA, "já tinha sido reprovado");
    assertStringIncludes(told.text, "João Reis");
    assertStringIncludes(card.text, "pelo portal\nMotivo: Já tem outro acesso");
    assertEquals(card.keyboard, undefined);
    assertEquals((await world.request(id)).state, "reprovada");
  }));

Deno.test("who came second is told also when Telegram is away at that moment", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, joao } = await prepare(world);
    const card = await world.seen(JOAO, "Ana & Luz");
    telegram.tap(MARIA, 1, `a:${id}`, { unchecked: true });
    await world.settled();
    telegram.faults.push({ method: "sendMessage", status: 500, times: 3, chat_id: JOAO });
    telegram.tap(JOAO, card.message_id, `a:${id}`, { unchecked: true });
    await world.settled();
    for (let i = 0; i < 4; i++) {
      world.deps.advance(60_000);
      await world.drain();
    }
    const told = telegram.messages(JOAO).filter(({ text }) => text.includes("já tinha sido"));
    assertEquals(told.map(({ reply_to }) => reply_to?.message_id), [card.message_id]);
    assertEquals((await world.request(id)).decidedBy?.name === joao.name, false);
  }));

Deno.test("an older message of a decided request, tapped by who may, shows the outcome, too", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card } = await prepare(world);
    const older = telegram.forward(MARIA, card.message_id, JOAO);
    telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.seen(MARIA, "Aprovado por Maria Prado");
    await world.settled();
    const before = telegram.messages(JOAO).length;
    telegram.tap(JOAO, older.message_id, `a:${id}`, { unchecked: true });
    await world.settled();
    // A forwarded message is not the bot's to change: the outcome comes as a new one.
    const texts = telegram.messages(JOAO).slice(before).map(({ text }) => text);
    assert(texts.some((text) => text.includes("Aprovado por Maria Prado")), texts.join());
    assert(texts.some((text) => text.includes("já tinha sido aprovado")), texts.join());
  }));

Deno.test("who may not decide does not learn what became of a request either", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card } = await prepare(world);
    const forwarded = telegram.forward(MARIA, card.message_id, RUI);
    telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.settled();
    const before = telegram.messages(RUI).length;
    telegram.tap(RUI, forwarded.message_id, `a:${id}`, { unchecked: true });
    await world.settled();
    const texts = telegram.messages(RUI).slice(before).map(({ text }) => text);
    assertEquals(texts.length, 1);
    assertStringIncludes(texts[0]!, "Você não pode decidir este pedido");
  }));

Deno.test("two taps of one person on one button: one decision and no reproach", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { card, ana } = await prepare(world);
    telegram.tap(MARIA, card.message_id, "Aprovar");
    telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.settled();
    assertStringIncludes(card.text, "Aprovado por Maria Prado");
    assertEquals(world.mails.filter(({ to }) => to === ana.email).length, 1);
    assertEquals(telegram.messages(MARIA).at(-1), card);
  }));

Deno.test("the tapped message is changed once for each tap, and once for the outcome", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { card } = await prepare(world);
    const edits = () =>
      telegram.calls.filter(({ method, params }) =>
        method === "editMessageText" && params.chat_id === MARIA
      ).map(({ status }) => status);
    telegram.tap(MARIA, card.message_id, "Reprovar");
    await world.seen(MARIA, "Por que reprovar?");
    await world.settled();
    assertEquals(edits(), [200]);
    telegram.tap(MARIA, card.message_id, "Sem vínculo atual com este estabelecimento");
    await world.seen(MARIA, "Reprovado por Maria Prado");
    await world.settled();
    world.deps.advance(60_000);
    await world.drain();
    assertEquals(edits(), [200, 200]);
  }));

Deno.test("a tap that decides nothing, on an older message, gets its answer and no outcome", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card } = await prepare(world);
    const older = telegram.forward(MARIA, card.message_id, JOAO);
    const before = telegram.messages(JOAO).length;
    telegram.tap(JOAO, older.message_id, `r:${id}`, { unchecked: true });
    await world.seen(JOAO, "Por que reprovar?");
    await world.settled();
    world.deps.advance(60_000);
    await world.drain();
    assertEquals(telegram.messages(JOAO).length, before + 1);
    await assertPending(world, id);
  }));

Deno.test("Voltar brings the first buttons back and decides nothing", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card } = await prepare(world);
    const before = card.text;
    telegram.tap(MARIA, card.message_id, "Reprovar");
    await world.seen(MARIA, "Por que reprovar?");
    telegram.tap(MARIA, card.message_id, "Voltar");
    await telegram.waitFor(() => card.text === before);
    assertStringIncludes(JSON.stringify(card.keyboard), "Aprovar");
    await assertPending(world, id);
  }));

for (const data of ["a:", "x", "n:01JBSK0Z00ABCDEFGHJKMNPQRS:nada", "A".repeat(64)]) {
  Deno.test(`the button data ${data} is answered and does nothing`, () =>
    withWorld("polling", async (world) => {
      const { id, card } = await prepare(world);
      const tap = world.telegram.tap(MARIA, card.message_id, data, { unchecked: true });
      await world.telegram.waitFor(() => tap.answer);
      assertEquals(tap.answer?.text, "Este botão não vale mais. Use /pendentes.");
      await assertPending(world, id);
    }));
}

Deno.test("a button of a request that does not exist", () =>
  withWorld("polling", async (world) => {
    const { card } = await prepare(world);
    const data = "a:01JBSK0Z00ABCDEFGHJKMNPQRS";
    world.telegram.tap(MARIA, card.message_id, data, { unchecked: true });
    await world.seen(MARIA, "Pedido não encontrado");
  }));

Deno.test("the decision stands when the answer and the edit fail; the outbox shows it later", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    const { id, card, ana } = await prepare(world);
    telegram.faults.push(
      { method: "answerCallbackQuery", status: 500 },
      { method: "editMessageText", status: 500, chat_id: MARIA },
    );
    telegram.tap(MARIA, card.message_id, "Aprovar");
    await world.settled();
    assertEquals((await world.request(id)).state, "aprovada");
    const answers = telegram.calls.filter(({ method }) => method === "answerCallbackQuery");
    assertEquals(answers.length, 1, "the update was not done again");
    world.deps.advance(60_000);
    await world.drain();
    assertStringIncludes(card.text, "Aprovado por Maria Prado");
    assertEquals(world.mails.filter(({ to }) => to === ana.email).length, 1);
  }));

Deno.test("a message that was deleted meanwhile: the outcome comes as a new one", () =>
  withWorld("polling", async (world) => {
    const { telegram, bot } = world;
    const { id, card } = await prepare(world);
    await bot.api.deleteMessage(MARIA, card.message_id);
    telegram.tap(MARIA, card.message_id, `a:${id}`, { unchecked: true });
    await world.seen(MARIA, "Aprovado por Maria Prado");
  }));
