import type { Deps } from "@/core/deps.ts";
import type { Person } from "@/core/store/records/account.ts";
import {
  ALFA,
  enterByGovbr,
  importEdition,
  longAgo,
  manyPerson,
  seedMember,
  seedRepresentative,
  seedTelegramLink,
} from "@/tests/fixtures/mod.ts";
import { numberOf, seedEstablishments } from "@/tests/fixtures/registry.ts";
import type { TelegramServer } from "@/tools/telegram/server.ts";

export interface Administrator {
  chatId: number;
  person: Person;
}

/** An establishment and the two who decide there, each with a chat that is linked and open. */
export interface Place {
  cnes: string;
  administrators: Administrator[];
}

/** People who come by gov.br, before the bot runs: seeding takes no other work beside it. */
export async function putPeople(deps: Deps, count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    // One commit clears what a hundred have left.
    const end = Math.min(people.length + 100, count);
    await longAgo(deps, async () => {
      while (people.length < end) {
        people.push(await enterByGovbr(deps, manyPerson(people.length)));
      }
    });
  }
  return people;
}

/** Seeds establishments of ALFA, each with two of these people as its administrators. */
export async function preparePlaces(
  deps: Deps,
  telegram: TelegramServer,
  people: readonly Person[],
): Promise<Place[]> {
  await importEdition(deps);
  await seedRepresentative(deps);
  const chats = people.map((person, i) => ({
    person,
    chatId: 10_000 + i,
    cnes: numberOf(1 + Math.floor(i / 2)),
  }));
  const places = Map.groupBy(chats, ({ cnes }) => cnes);
  await seedEstablishments(deps, [...places.keys()].map((cnes) => ({ cnes, operadora: ALFA })));
  for (const { person, chatId, cnes } of chats) {
    telegram.addUser({ id: chatId, first_name: person.name });
    telegram.start(chatId);
    await seedMember(deps, person, "ADMINISTRADOR", cnes);
    await longAgo(deps, () => seedTelegramLink(deps, person, chatId));
  }
  return [...places].map(([cnes, administrators]) => ({ cnes, administrators }));
}
