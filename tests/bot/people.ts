import type { Deps } from "@/core/deps.ts";
import * as fixtures from "@/tests/fixtures/mod.ts";
import type { TelegramServer } from "@/tools/telegram/server.ts";
import type { Place } from "./drive.ts";

/**
 * Seeds establishments of ALFA, before the bot runs: seeding takes no other work beside it.
 * @param requests at each of them
 */
export async function preparePlaces(
  deps: Deps,
  telegram: TelegramServer,
  { places: count, requests }: { places: number; requests: number },
): Promise<Place[]> {
  await fixtures.importEdition(deps);
  await fixtures.seedRepresentative(deps);
  const numbers = Array.from({ length: count }, (_, i) => fixtures.numberOf(i + 1));
  const rows = numbers.map((cnes) => ({ cnes, cnpjMantenedora: fixtures.ALFA, uf: "SP" }));
  await fixtures.seedEstablishments(deps, rows);
  return await Array.fromAsync(numbers, async (cnes, i) => {
    const length = 2 + requests;
    const people = Array.from({ length }, (_, n) => fixtures.manyPerson(i * length + n));
    const [one, other, ...requesters] = await fixtures.longAgo(
      deps,
      () => Array.fromAsync(people, (person) => fixtures.enterByGovbr(deps, person)),
    );
    const chat = 10_000 + 2 * i;
    const administrators = [one!, other!].map((person, n) => ({ person, chatId: chat + n }));
    for (const { person, chatId } of administrators) {
      telegram.addUser({ id: chatId, first_name: person.name });
      telegram.start(chatId);
      await fixtures.seedMember(deps, person, "ADMINISTRADOR", cnes);
      await fixtures.longAgo(deps, () => fixtures.seedTelegramLink(deps, person, chatId));
    }
    return { cnes, administrators, requesters };
  });
}
