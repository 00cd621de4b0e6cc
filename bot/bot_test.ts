import { assertEquals } from "@std/assert";
import { confirmLink, createLinkCode } from "../core/account/telegram_link.ts";
import { HOSPITAL, MARIA, type Mode, withWorld } from "./testing.ts";

for (const mode of ["polling", "webhook"] satisfies Mode[]) {
  Deno.test(`over ${mode}: linking, then a request approved in the chat`, () =>
    withWorld(mode, async (world) => {
      const { portal, telegram } = world;
      const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL);
      const ana = await world.addPerson("Ana Luz", 201);
      telegram.start(MARIA, await createLinkCode(portal, maria));
      await world.seen(MARIA, "Maria Prado");
      assertEquals((await confirmLink(portal, maria)).ok, true);
      await world.drain();
      await world.seen(MARIA, "Pronto, Maria");
      const { id } = await world.ask(ana, HOSPITAL);
      const card = await world.seen(MARIA, "Ana Luz");
      telegram.tap(MARIA, card.message_id, "Aprovar");
      await world.seen(MARIA, "Aprovado por Maria Prado");
      assertEquals(card.keyboard, undefined);
      assertEquals((await world.request(id)).state, "aprovada");
      await world.settled();
    }));
}
