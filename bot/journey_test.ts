import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { confirmLink, createLinkCode } from "../core/account/telegram/link.ts";
import { HOSPITAL, inBothModes, MARIA } from "@/tests/fixtures/bot.ts";

inBothModes("an administrator links the chat, a request arrives and is approved", async (world) => {
  const { deps, telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL);
  const ana = await world.addPerson("Ana Luz", 201);

  telegram.start(MARIA, await createLinkCode(deps, maria));
  await world.seen(MARIA, "Falta um passo");
  assertEquals((await confirmLink(deps, maria, UNLIMITED)).ok, true);
  await world.drain();
  await world.seen(MARIA, "Pronto, Maria Prado");

  const { id } = await world.ask(ana, HOSPITAL);
  const card = await world.seen(MARIA, "Ana Luz");
  assertEquals(
    card.text,
    "Pedido de acesso\nQuem: Ana Luz, CPF ***.000.201-**\n" +
      "Identificação: declarado pela própria pessoa\n" +
      "O quê: entrar no estabelecimento com o perfil OPERADOR (consulta, cria, edita e imprime)\n" +
      "Onde: CNES 2077485, Hospital Ipê\nQuando: 03/11/2026, 09:00 (horário de Brasília)",
  );

  deps.advance(5 * 60_000);
  const tap = telegram.tap(MARIA, card.message_id, "Aprovar");
  await world.seen(MARIA, "Aprovado por Maria Prado");
  await world.settled();
  assertEquals(tap.answer, { text: "Registrando a aprovação…", show_alert: false });
  assertStringIncludes(
    card.text,
    "\n\n✅ Aprovado por Maria Prado\nem 03/11/2026, 09:05, pelo Telegram",
  );
  assertEquals(card.keyboard, undefined);
  const request = await world.request(id);
  assertEquals([request.state, request.via], ["aprovada", "telegram"]);
  const told = world.mails.filter(({ to }) => to === ana.email).map(({ subject }) => subject);
  assertEquals(told, ["Seu pedido de acesso foi aprovado"]);
});
