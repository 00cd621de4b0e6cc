import { setMembership } from "@/core/access/membership.ts";
import type { Deps } from "@/core/deps.ts";
import { putEstablishment } from "@/core/registry/establishment_testing.ts";
import { cpfCheckDigits } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import type { Person } from "@/core/store/records/account.ts";
import { transact } from "@/core/store/transact.ts";
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

export async function preparePlaces(
  deps: Deps,
  telegram: TelegramServer,
  count: number,
): Promise<Place[]> {
  return await Promise.all(Array.from({ length: count }, async (_, i): Promise<Place> => {
    const cnes = String(i + 1).padStart(7, "0");
    await putEstablishment(deps, {
      cnes,
      nome: `Unidade ${cnes}`,
      razaoSocial: "Empresa Fictícia Ltda",
      cnpj: null,
      cnpjMantenedora: null,
      operadora: null,
      directorCpf: null,
      active: true,
      uf: "SP",
      municipio: "São Paulo",
    });
    const administer = (number: number) => putAdministrator(deps, telegram, cnes, number);
    const administrators = await Promise.all([administer(2 * i), administer(2 * i + 1)]);
    return { cnes, administrators };
  }));
}

async function putAdministrator(
  deps: Deps,
  telegram: TelegramServer,
  cnes: string,
  number: number,
): Promise<Administrator> {
  const chatId = 10_000 + number;
  const person = await putPerson(deps, 1_000 + number);
  telegram.addUser({ id: chatId, first_name: person.name });
  telegram.start(chatId);
  await transact(deps.kv, (tx) => {
    const { cpf, name } = person;
    setMembership(tx, { cnes, cpf, profile: "ADMINISTRADOR", since: 0, by: "test" });
    tx.set(keys.telegramLink(cpf), { userId: chatId, chatId, name, since: 0 });
    tx.set(keys.telegramOwner(chatId), cpf);
  });
  return { chatId, person };
}

/** A person with a valid CPF made of `number`. */
export async function putPerson(deps: Deps, number: number): Promise<Person> {
  const base = String(number).padStart(9, "0");
  const cpf = base + cpfCheckDigits(base);
  const email = `p${number}@pessoas.example`;
  const person: Person = {
    id: `P${number}`,
    cpf,
    name: `Pessoa ${number}.`,
    email,
    contactEmail: email,
    passwordHash: null,
    provisional: null,
    active: true,
    createdAt: 0,
  };
  await transact(deps.kv, (tx) => tx.set(keys.person(cpf), person));
  return person;
}
