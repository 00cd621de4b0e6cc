import type { Deps } from "@/core/deps.ts";
import type { Person } from "@/core/store/records/account.ts";
import {
  ALFA,
  enterByGovbr,
  importEdition,
  inLetters,
  inventPerson,
  longAgo,
  seedMember,
  seedPerson,
  seedRepresentative,
  seedTelegramLink,
  type TestPerson,
} from "@/tests/fixtures/mod.ts";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import type { TelegramServer } from "@/tools/telegram/server.ts";

export interface Administrator {
  chatId: number;
  person: Person;
}

/** An establishment and the two who decide there, each with a chat that is linked and open. */
export interface Place {
  cnes: string;
  administrators: [Administrator, Administrator];
}

/** Seeds `count` establishments of ALFA with their administrators. */
export async function preparePlaces(
  deps: Deps,
  telegram: TelegramServer,
  count: number,
): Promise<Place[]> {
  await importEdition(deps);
  await seedRepresentative(deps);
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1).padStart(7, "0"));
  await seedEstablishments(
    deps,
    numbers.map((cnes) => ({ cnes, cnpjMantenedora: ALFA, uf: "SP" })),
  );
  const places: Place[] = [];
  for (const [i, cnes] of numbers.entries()) {
    const first = await putAdministrator(deps, telegram, cnes, 2 * i);
    const second = await putAdministrator(deps, telegram, cnes, 2 * i + 1);
    places.push({ cnes, administrators: [first, second] });
  }
  return places;
}

async function putAdministrator(
  deps: Deps,
  telegram: TelegramServer,
  cnes: string,
  number: number,
): Promise<Administrator> {
  const chatId = 10_000 + number;
  const person = await seedPerson(deps, numbered(1_000 + number));
  telegram.addUser({ id: chatId, first_name: person.name });
  telegram.start(chatId);
  await seedMember(deps, person, "ADMINISTRADOR", cnes);
  await longAgo(deps, () => seedTelegramLink(deps, person, chatId));
  return { chatId, person };
}

/** Those who will ask for access, made before the bot runs: seeding takes no other work beside it. */
export async function putRequesters(deps: Deps, count: number): Promise<Person[]> {
  const people: Person[] = [];
  // One commit clears what a hundred have left.
  for (let from = 0; from < count; from += 100) {
    await longAgo(deps, async () => {
      for (let i = from; i < Math.min(from + 100, count); i++) {
        people.push(await enterByGovbr(deps, numbered(100_000 + i)));
      }
    });
  }
  return people;
}

/** A person with a valid CPF made of `number`. */
function numbered(number: number): TestPerson {
  return inventPerson(number, `Pessoa ${inLetters(number)}`, `p${number}@pessoas.example`);
}
