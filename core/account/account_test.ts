import { assertEquals } from "@std/assert";
import { lia, seedRegistries } from "@/tests/fixtures/mod.ts";
import {
  accountForCpf,
  getAccount,
  getAccounts,
  newAccountId,
  parseAccountId,
  parseEmail,
  parseName,
} from "./account.ts";

Deno.test("an e-mail address is stored in one form", () => {
  assertEquals(parseEmail("  Lia.Campos+ans@Empresa.COM.br "), "lia.campos+ans@empresa.com.br");
});

Deno.test("what is no single e-mail address is refused", () => {
  const wrong = [
    "",
    "lia",
    "lia@",
    "@empresa.example",
    "lia@empresa",
    "lia@@empresa.example",
    "lia campos@empresa.example",
    "lia@empresa..example",
    ".lia@empresa.example",
    "lia.@empresa.example",
    "lia@.empresa.example",
    "lia@-empresa.example",
    "lia@empresa.example, caio@empresa.example",
    "lia@empresa.example;caio@empresa.example",
    "Lia <lia@empresa.example>",
    "lia@empresa.example\r\nBcc: caio@empresa.example",
    `${"l".repeat(65)}@empresa.example`,
    `lia@${"e".repeat(250)}.example`,
  ];
  for (const text of wrong) assertEquals(parseEmail(text), null, text);
});

Deno.test("a name has two words or more; blanks are collapsed", () => {
  assertEquals(parseName("  Lia   d’Ávila  Suposta-Campos "), "Lia d’Ávila Suposta-Campos");
  const wrong = ["", "Lia", "Lia ", "1 Lia", "Lia <b>Campos</b>", "Lia https://x.example", "- -"];
  for (const text of [...wrong, `Lia ${"a".repeat(120)}`]) {
    assertEquals(parseName(text), null, text);
  }
});

Deno.test("people that are not there are left out", async () => {
  using deps = await seedRegistries();
  const nobody = newAccountId(deps.now());
  assertEquals(await getAccount(deps, nobody), null);
  assertEquals(await accountForCpf(deps, lia.cpf), null);
  assertEquals(await getAccounts(deps, [nobody]), []);
  assertEquals(await getAccounts(deps, []), []);
});

Deno.test("an id that comes from outside has the form of those that are made", () => {
  const id = newAccountId(Date.UTC(2026, 10, 3));
  assertEquals(parseAccountId(id), id);
  const wrong = ["", lia.cpf, id.slice(1), `${id}0`, `${id}\n`, ` ${id}`, id.toLowerCase()];
  for (const letter of ["I", "L", "O", "U", "-"]) wrong.push(letter + id.slice(1));
  for (const text of wrong) assertEquals(parseAccountId(text), null, text);
});
