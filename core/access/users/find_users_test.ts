import { assert, assertEquals } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { cpfCheckDigits, formatCpf } from "../../registry/numbers.ts";
import { keys } from "../../store/keys.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import { ALFA, BETA, REACHED, testDeps } from "@/tests/fixtures/mod.ts";
import { findUsers } from "./find_users.ts";
import { putTie } from "./user_of_operadora.ts";
import { UNPROVEN } from "@/core/account/account.ts";

/** ULIDs in the order of the index. */
const idAt = (index: number) => String(index).padStart(26, "0") as AccountId;

const tie = {
  ...{ how: "convite", invitation: null, by: idAt(0), since: 0 } as const,
  reached: REACHED,
};

function invent(index: number, name: string): Account {
  const base = String(100_000_000 + index * 7);
  return {
    id: idAt(index),
    cpf: base + cpfCheckDigits(base),
    name,
    email: null,
    ...UNPROVEN,
    password: null,
    active: true,
    createdAt: 0,
  };
}

async function put(deps: Deps, people: readonly Account[], cnpj = ALFA): Promise<void> {
  await transact(deps.kv, (tx) => {
    for (const person of people) {
      tx.set(keys.account(person.id), person);
      const { cpf, name } = person;
      putTie(tx, cnpj, person.id, { ...tie, cpf, name, email: `${cpf}@ficticia.example` }, null);
    }
  });
}

const NAMES = [
  "Ana Silva",
  "Bruna Silva Silveira",
  "João d’Ávila Souza",
  "Carla dos Santos",
  "Silvana Prado Souza",
];

async function named(deps: Deps, query: string, cnpj = ALFA): Promise<string[]> {
  return (await findUsers(deps, cnpj, { query })).items.map(({ name }) => name);
}

Deno.test("by the beginning of any name, whatever the accents and case, each person once", async () => {
  using deps = await testDeps();
  await put(deps, NAMES.map((name, index) => invent(index, name)));
  assertEquals(await named(deps, "silv"), [
    "Ana Silva",
    "Bruna Silva Silveira",
    "Silvana Prado Souza",
  ]);
  assertEquals(await named(deps, "DAVILA joao"), ["João d’Ávila Souza"]);
  assertEquals(await named(deps, "souza s"), ["João d’Ávila Souza", "Silvana Prado Souza"]);
  assertEquals(await named(deps, "souza silv"), ["Silvana Prado Souza"]);
  for (const nobody of ["ilva", "zz", "ana prado", "<b>"]) {
    assertEquals(await named(deps, nobody), []);
  }
});

Deno.test("by CPF, whole or its beginning, with or without its dots", async () => {
  using deps = await testDeps();
  const people = NAMES.map((name, index) => invent(index, name));
  await put(deps, people);
  const { cpf, name } = people[3]!;
  assertEquals(await named(deps, cpf), [name]);
  assertEquals(await named(deps, formatCpf(cpf)), [name]);
  assertEquals((await named(deps, cpf.slice(0, 5))).length, 5);
  assertEquals(await named(deps, "99999999999"), []);
});

Deno.test("nobody of another operadora, by name, CPF, or a page that begins after them", async () => {
  using deps = await testDeps();
  const [mine, theirs] = [invent(1, "Ana Silva"), invent(2, "Alheia Silva")];
  await put(deps, [mine]);
  await put(deps, [theirs], BETA);
  assertEquals(await named(deps, "silva"), [mine.name]);
  assertEquals(await named(deps, theirs.cpf), []);
  const { items } = await findUsers(deps, ALFA, { cursor: theirs.id });
  assertEquals(items.map(({ name }) => name), [mine.name]);
});

Deno.test("pages cover everybody once, in all ways of finding", async () => {
  using deps = await testDeps();
  const people = Array.from(
    { length: 23 },
    (_, i) => invent(i, `Pessoa Silva Silvestre ${"ABCDEFG"[i % 7]}x`),
  );
  await put(deps, people);
  for (const query of ["", "1000", "silv", "silv pessoa"]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await findUsers(deps, ALFA, { query, limit: 5, cursor });
      assert(page.items.length <= 5);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.cursor ?? undefined;
    } while (cursor);
    assertEquals(seen.toSorted(), people.map(({ id }) => id), query);
  }
});

Deno.test("among thousands who share a name: the last one is found, and a search for nobody gives up in pages", async () => {
  using deps = await testDeps();
  const people = Array.from({ length: 3_000 }, (_, i) => invent(i, `Pessoa${i} Souza Silva`));
  for (let i = 0; i < people.length; i += 140) await put(deps, people.slice(i, i + 140));
  // Everybody is a Souza; the one who is asked for stands last.
  assertEquals(await named(deps, "pessoa2999 souza"), ["Pessoa2999 Souza Silva"]);
  const late = await findUsers(deps, ALFA, { query: "souza pessoa", cursor: idAt(2_000) });
  assertEquals(late.items.length, 50);
  // Two words that all have but no one together with the third: the search gives up in pages.
  const nobody = await findUsers(deps, ALFA, { query: "souza xis" });
  assertEquals([nobody.items.length, nobody.cursor !== null], [0, true]);
});
