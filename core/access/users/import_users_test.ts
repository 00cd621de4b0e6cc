import { assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  caio,
  codeOf,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { formatCpf } from "../../registry/numbers.ts";
import { importUsers, MAX_IMPORT_LINES, previewImport } from "./import_users.ts";
import { listInvitations } from "../invitations/list.ts";
import { accountForCpf } from "../../account/account.ts";

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  const operadora = await operadoraOf(deps, ALFA);
  const actor = await personOf(deps, rosa);
  const preview = (text: string) => previewImport(deps, operadora, text);
  const run = (text: string) => importUsers(deps, actor, operadora, text);
  return { deps, preview, run };
}

const line = (person: typeof lia, systems = "SIB") =>
  `${formatCpf(person.cpf)};${person.name};${person.email};${systems}`;
const file = (...lines: string[]) => ["CPF;Nome;E-mail;Sistemas", ...lines].join("\r\n");

Deno.test("preview and import say the same; the preview writes nothing; again registers nobody", async () => {
  const { deps, preview, run } = await peopled();
  using _ = deps;
  must(await addUser(deps, zeca));
  const text = file(line(lia, "SIB, CadSUS Web"), "", line(rosa), line(zeca), line(caio, ""));
  // Rosa is in the portal: that is not the operadora's to know.
  const outcomes = ["novo", "novo", "ja_cadastrado", "novo"];
  const shown = must(await preview(text));
  assertEquals(shown.map((one) => one.outcome), outcomes);
  assertEquals(shown.map((one) => one.line), [2, 4, 5, 6]);
  assertEquals(await accountForCpf(deps, lia.cpf), null);
  assertEquals(must(await run(text)), shown);
  const [sent] = (await listInvitations(deps, ALFA, { filter: "enviados" })).items.filter((
    { cpf },
  ) => cpf === lia.cpf);
  assertEquals(sent!.systems, ["sib", "cadsus-web"]);
  assertEquals((await mailsTo(deps, caio.email)).length, 1);
  const again = must(await run(text));
  assertEquals(again.map((one) => one.outcome), outcomes.map(() => "ja_cadastrado"));
  assertEquals((await mailsTo(deps, caio.email)).length, 1);
});

Deno.test("each wrong line is told with its column, and the good ones are registered", async () => {
  const { deps, run } = await peopled();
  using _ = deps;
  const text = file(
    `123;${lia.name};${lia.email};`,
    line(lia),
    line(lia),
    `${caio.cpf};Caio;${caio.email};`,
    `${caio.cpf};${caio.name};caio;`,
    line(zeca, "SIB|Nenhum"),
  );
  const report = must(await run(text)).map(({ line, problem }) => [
    line,
    problem?.column,
    problem?.code,
  ]);
  assertEquals(report, [
    [2, "CPF", "cpf_invalid"],
    [3, undefined, undefined],
    [4, "CPF", "import_duplicate"],
    [5, "Nome", "name_invalid"],
    [6, "CPF", "import_duplicate"],
    [7, "Sistemas", "system_unknown"],
  ]);
  const { items } = await listInvitations(deps, ALFA, { filter: "enviados" });
  assertEquals(items.map(({ cpf }) => cpf), [lia.cpf]);
  for (const { cpf } of [caio, zeca]) assertEquals(await accountForCpf(deps, cpf), null);
});

Deno.test("columns in another order, commas, other spellings of the titles", async () => {
  const { deps, preview } = await peopled();
  using _ = deps;
  const text = `NOME,email,cpf,Sistemas\n${lia.name},${lia.email},${lia.cpf},"SIB,TISS"\n`;
  assertEquals(must(await preview(text)).map((one) => one.outcome), ["novo"]);
});

Deno.test("files that are refused as a whole", async () => {
  const { deps, preview, run } = await peopled();
  using _ = deps;
  const files: [string, string][] = [
    ["import_empty", ""],
    ["import_empty", file()],
    ["import_column_missing", "CPF;Nome\n1;2"],
    ["import_column_missing", line(lia)],
    ["import_csv", file(`${lia.cpf};"${lia.name};x`)],
    ["import_csv", file(`${lia.cpf};Li"a;x`)],
    ["import_too_long", file(...Array<string>(MAX_IMPORT_LINES + 1).fill("1;2;3;"))],
  ];
  for (const [code, text] of files) {
    assertEquals(codeOf(await preview(text)), code);
    assertEquals(codeOf(await run(text)), code);
  }
});
