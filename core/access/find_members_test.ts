import { assertEquals } from "@std/assert";
import { cpfCheckDigits } from "../registry/numbers.ts";
import { keys } from "../store/keys.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { findMembers, type MemberSearch } from "./find_members.ts";
import { setMembership } from "./membership.ts";
import { UNPROVEN } from "@/core/account/account.ts";

const CNES = "2077485";

const accountOf = (digits: string) => digits.padStart(26, "0") as AccountId;
const by = accountOf("1");

/** A member of the establishment with a CPF, and an account, made of nine digits. */
async function addMember(deps: TestDeps, digits: string, name: string, ended = false) {
  const cpf = digits + cpfCheckDigits(digits);
  const person: Account = {
    id: accountOf(digits),
    cpf,
    name,
    email: null,
    ...UNPROVEN,
    password: null,
    active: true,
    createdAt: 0,
  };
  await transact(deps.kv, (tx) => {
    tx.set(keys.account(person.id), person);
    setMembership(tx, {
      cnes: CNES,
      account: person.id,
      profile: "OPERADOR",
      since: 0,
      by,
      mailbox: "",
      origin: { kind: "approved", by },
      ...(ended && { ended: { at: 1, by, reason: "saiu" } }),
    });
  });
  return cpf;
}

async function names(deps: TestDeps, search: MemberSearch | string) {
  const { items } = await findMembers(
    deps,
    CNES,
    typeof search === "string" ? { query: search } : search,
  );
  return items.map(({ person }) => person.name);
}

Deno.test("members are found by beginnings of their names, in any order and spelling", async () => {
  using deps = await testDeps();
  await addMember(deps, "100200300", "Ângela de Souza");
  await addMember(deps, "200300400", "Bruno Sá");
  assertEquals(await names(deps, ""), ["Ângela de Souza", "Bruno Sá"]);
  assertEquals(await names(deps, "SOU ang"), ["Ângela de Souza"]);
  assertEquals(await names(deps, "s"), ["Ângela de Souza", "Bruno Sá"]);
  assertEquals(await names(deps, "ouza"), []);
});

Deno.test("of a CPF the digits in its middle count, or all of it", async () => {
  using deps = await testDeps();
  const cpf = await addMember(deps, "123456789", "Ana");
  await addMember(deps, "987654321", "Bia");
  for (
    const typed of [
      "456",
      "789",
      "456.789",
      "***.456.789-**",
      cpf,
      `${cpf.slice(0, 9)}-${cpf.slice(9)}`,
    ]
  ) {
    assertEquals(await names(deps, typed), ["Ana"], typed);
  }
  // The pages do not show the others.
  for (const typed of ["123", "3456", cpf.slice(8, 10), cpf.slice(0, 10)]) {
    assertEquals(await names(deps, typed), [], typed);
  }
});

Deno.test("those whose access has ended are found apart", async () => {
  using deps = await testDeps();
  await addMember(deps, "100200300", "Ana");
  await addMember(deps, "200300400", "Bia", true);
  assertEquals(await names(deps, {}), ["Ana"]);
  assertEquals(await names(deps, { ended: true }), ["Bia"]);
});

Deno.test("pages follow one another without gap or repetition, and the last one says so", async () => {
  for (const count of [99, 100, 101, 140]) {
    using deps = await testDeps();
    const all = Array.from({ length: count }, (_, i) => `Pessoa ${i}`);
    for (const [i, name] of all.entries()) {
      await addMember(deps, String(100_000_000 + i), name, i % 7 === 3);
    }
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await findMembers(deps, CNES, { cursor, limit: 20 });
      found.push(...page.items.map(({ person }) => person.name));
      assertEquals(page.items.length === 20 || page.cursor === null, true);
      cursor = page.cursor;
    } while (cursor);
    assertEquals(found, all.filter((_, i) => i % 7 !== 3));
  }
});

Deno.test("a search that finds little stops after a thousand members, and goes on from there", async () => {
  using deps = await testDeps();
  for (let i = 0; i < 1_001; i++) {
    await addMember(deps, String(100_000_000 + i), i === 1_000 ? "Zita" : "Ana");
  }
  const first = await findMembers(deps, CNES, { query: "zita" });
  assertEquals([first.items.length, first.cursor], [0, accountOf("100000999")]);
  const next = await findMembers(deps, CNES, { query: "zita", cursor: first.cursor });
  assertEquals([next.items.map(({ person }) => person.name), next.cursor], [["Zita"], null]);
});

Deno.test("a page has 20 people unless told", async () => {
  using deps = await testDeps();
  for (let i = 10; i < 31; i++) await addMember(deps, `1002003${i}`, `Pessoa ${i}`);
  const first = await findMembers(deps, CNES);
  assertEquals(first.items.length, 20);
  assertEquals((await findMembers(deps, CNES, { cursor: first.cursor })).items.length, 1);
});
