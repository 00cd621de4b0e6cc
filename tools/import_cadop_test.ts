import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { currentEdition } from "../core/registry/operadora.ts";
import { openStore } from "../core/store/open.ts";
import { type TaskFolder, withTaskFolder } from "./task_testing.ts";
import { renderCadop } from "./sample/registry_csv.ts";
import { syntheticCadop } from "./sample/synthetic_testing.ts";
import { sampleOperadoras } from "./sample/world.ts";

/** A folder for the store and the files, and the command run with it, in a process of its own. */
function withFolder(
  test: (folder: string, command: TaskFolder["run"]) => Promise<void>,
): Promise<void> {
  return withTaskFolder(({ path, run }) => test(path, (...args) => run("import:cadop", ...args)));
}

async function edition(folder: string) {
  using kv = await openStore(`${folder}/data`);
  return await currentEdition({ kv });
}

Deno.test("an edition is stored, and stored again changes nothing", () =>
  withFolder(async (folder, command) => {
    const file = `${folder}/cadop.csv`;
    await Deno.writeTextFile(file, syntheticCadop(300, 1));
    const first = await command(file);
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stdout, "Nova edição do CADOP gravada");
    assertStringIncludes(first.stderr, "Gravando: 100%");
    assert(!first.stderr.includes("\r"));
    const stored = await edition(folder);
    assertEquals(stored?.rows, 300);

    const again = await command(file);
    assertEquals(again.code, 0);
    assertStringIncludes(again.stdout, "Nada mudou");
    assertEquals(await edition(folder), stored);
  }));

Deno.test("new, changed and gone operadoras and new representatives are counted", () =>
  withFolder(async (folder, command) => {
    const file = `${folder}/cadop.csv`;
    const [first, second, third] = sampleOperadoras;
    await Deno.writeTextFile(file, renderCadop([first!, second!]));
    await command(file);
    await Deno.writeTextFile(
      file,
      renderCadop([{ ...first!, representante: "OUTRA PESSOA", email: null }, third!]),
    );
    const { stdout } = await command(file);
    assertEquals(stdout.trim().split("\n").map((line) => line.trim().split(/\s{2,}/)), [
      ["Nova edição do CADOP gravada."],
      ["Operadoras", "2"],
      ["Novas", "1"],
      ["Alteradas", "1"],
      ["Com novo representante", "1"],
      ["Retiradas", "1"],
      ["Sem e-mail para códigos", "1"],
    ]);
  }));

Deno.test("a damaged cell stores nothing, fails and names line and column", () =>
  withFolder(async (folder, command) => {
    const file = `${folder}/cadop.csv`;
    const lines = syntheticCadop(300, 1).split("\n");
    lines[249] = lines[249]!.replace(/"\w{14}"/, '"1,95419E+13"');
    await Deno.writeTextFile(file, lines.join("\n"));
    const { code, stdout, stderr } = await command(file);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "nada foi gravado");
    assertStringIncludes(stderr, "Linha 250, coluna CNPJ");
    assertStringIncludes(stderr, "1,95419E+13");
    assertEquals(await edition(folder), null);
  }));

Deno.test("a file that cannot be read is named", () =>
  withFolder(async (folder, command) => {
    const missing = await command(`${folder}/nada.csv`);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, `O arquivo ${folder}/nada.csv não existe.`);
    const directory = await command(folder);
    assertEquals(directory.code, 1);
    assertStringIncludes(directory.stderr, "é uma pasta");
  }));

Deno.test("wrong use shows the help and stores nothing; asking for it is right use", () =>
  withFolder(async (_folder, command) => {
    for (const args of [[], ["--forca", "a.csv"], ["a.csv", "b.csv"]]) {
      const { code, stderr } = await command(...args);
      assertEquals(code, 2);
      assertStringIncludes(stderr, "deno task import:cadop ARQUIVO");
    }
    const help = await command("--help");
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, "HABILITA_DATA");
  }));

Deno.test("the portal may have the store open and write while an edition is imported", () =>
  withFolder(async (folder, command) => {
    const file = `${folder}/cadop.csv`;
    await Deno.writeTextFile(file, syntheticCadop(1000, 1));
    using kv = await openStore(`${folder}/data`);
    let done = false;
    const writer = (async () => {
      let writes = 0;
      while (!done) await kv.set(["busy", writes % 10], writes++);
      return writes;
    })();
    const outcomes = await Promise.all([command(file), command(file)]).finally(() => done = true);
    assert(await writer > 0);
    // Two at once: one of them wins; the other finds nothing new or is refused.
    assert(outcomes.some(({ code }) => code === 0));
    for (const { code, stderr } of outcomes) {
      if (code !== 0) assertStringIncludes(stderr, "Outra importação começou depois desta");
    }
    assertEquals((await currentEdition({ kv }))?.rows, 1000);
  }));
