import { putTie } from "@/core/access/users/user_of_operadora.ts";
import { newId } from "@/core/ids.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { Person } from "@/core/store/records/account.ts";
import { transact } from "@/core/store/transact.ts";
import { syntheticCpf } from "@/tools/sample/people.ts";

const FIRST = ["Maria", "João", "Ana", "José", "Rita", "Luís", "Clara", "Pedro", "Inês", "Davi"];
const LAST = ["Silva", "Souza", "Modelo", "Exemplo", "Amostra", "Inventada", "Suposta"];

/** Person `i` of `putPeople`; the middle name is shared by ten, first and last by many. */
export function manyPerson(i: number): Pick<Person, "cpf" | "name"> {
  const middle = Math.floor(i / 10).toString(26).replace(
    /./g,
    (digit) => "abcdefghijklmnopqrstuvwxyz"[parseInt(digit, 26)]!,
  );
  const name = `${FIRST[i % 10]} Q${middle} ${LAST[i % 7]}`;
  return { cpf: syntheticCpf(1_000 + i), name };
}

/** Writes `count` people of an operadora as the registration leaves them, without mail and log. */
export async function putPeople(deps: Deps, cnpj: string, count: number): Promise<void> {
  const now = deps.now();
  // Each takes 8 or 9 of the 1,000 mutations of a commit.
  for (let from = 0; from < count; from += 100) {
    await transact(deps.kv, (tx) => {
      for (let i = from; i < Math.min(from + 100, count); i++) {
        const { cpf, name } = manyPerson(i);
        const email = `muitos${i}@ficticia.example`;
        const person: Person = {
          id: newId(now),
          cpf,
          name,
          email,
          contactEmail: email,
          passwordHash: null,
          provisional: null,
          active: true,
          createdAt: now,
        };
        tx.set(keys.person(cpf), person);
        tx.set(keys.personById(person.id), cpf);
        tx.set(keys.personByEmail(email), cpf);
        putTie(tx, cnpj, person, { by: "test", since: now });
        tx.set(keys.grant(cnpj, cpf, "sib"), now);
      }
    });
  }
}
