import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { currentCnesEdition } from "@/tests/fixtures/registry.ts";
import { getEstablishment } from "../core/registry/establishment.ts";
import { openStore } from "../core/store/open.ts";
import { renderMunicipios } from "./sample/registry_csv.ts";
import { syntheticCnes } from "./sample/synthetic_testing.ts";
import { sampleCnesCsv, sampleEstablishments } from "./sample/world.ts";
import { type TaskFolder, withTaskFolder } from "./task_testing.ts";

const withFolder = (test: (folder: TaskFolder) => Promise<void>) =>
  withTaskFolder(({ path, run }) => test({ path, run: (...args) => run("import:cnes", ...args) }));

async function put(folder: TaskFolder, name: string, text: string): Promise<string> {
  const path = `${folder.path}/${name}`;
  await Deno.writeTextFile(path, text);
  return path;
}

const synthetic = (rows: number, columns?: 54) => syntheticCnes(rows, 1, columns);

async function edition(folder: TaskFolder) {
  using kv = await openStore(`${folder.path}/data`);
  return await currentCnesEdition({ kv });
}

Deno.test("an edition is stored, and stored again changes nothing", () =>
  withFolder(async (folder) => {
    const file = await put(folder, "a.csv", synthetic(3000));
    const first = await folder.run(file);
    assertEquals(first.code, 0, first.stderr);
    const counted = first.stdout.trim().split("\n").map((line) => line.trim().split(/\s{2,}/));
    assertEquals([counted[0], counted[1]], [["Nova edição do CNES gravada."], [
      "Estabelecimentos",
      "3000",
    ]]);
    for (const text of ["Conferindo: 100%", "Gravando: 100%"]) {
      assertStringIncludes(first.stderr, text);
    }
    assert(!first.stderr.includes("\r"));
    const stored = await edition(folder);
    const again = await folder.run(file);
    assertEquals(again.code, 0, again.stderr);
    assertStringIncludes(again.stdout, "Nada mudou");
    assertEquals(await edition(folder), stored);
  }));

Deno.test("names of municipalities come with their table, before or after the file", () =>
  withFolder(async (folder) => {
    const { establishments } = sampleCnesCsv();
    const file = await put(folder, "a.csv", establishments);
    const names = await put(folder, "m.csv", renderMunicipios(sampleEstablishments));
    for (const args of [[file, "--municipios", names], ["--municipios", names, file]]) {
      assertEquals((await folder.run(...args)).code, 0);
      using kv = await openStore(`${folder.path}/data`);
      const found = await getEstablishment({ kv }, sampleEstablishments[0]!.cnes);
      assertEquals(found?.municipio, "Campinas");
    }
  }));

Deno.test("a damaged row stores nothing, fails and names line and column", () =>
  withFolder(async (folder) => {
    const lines = synthetic(3000, 54).split("\n");
    lines[2499] = lines[2499]!.replace('"0002498"', '"2498"');
    const { code, stdout, stderr } = await folder.run(
      await put(folder, "a.csv", lines.join("\n")),
    );
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "Importação recusada: a edição atual não mudou.");
    assertStringIncludes(stderr, "Linha 2500, coluna CO_CNES: “2498” não é um número CNES");
    assertEquals(await edition(folder), null);
  }));

Deno.test("a file that cannot be read is named, whichever of the two", () =>
  withFolder(async (folder) => {
    const file = await put(folder, "a.csv", synthetic(3));
    const missing = `${folder.path}/nada.csv`;
    for (const args of [[missing], [file, "--municipios", missing]]) {
      const { code, stderr } = await folder.run(...args);
      assertEquals([code, stderr.trim()], [1, `O arquivo ${missing} não existe.`]);
    }
    assertStringIncludes((await folder.run(folder.path)).stderr, "é uma pasta");
    assertEquals(await edition(folder), null);
  }));

Deno.test("wrong use shows the help and stores nothing; asking for it is right use", () =>
  withFolder(async (folder) => {
    const file = await put(folder, "a.csv", synthetic(3));
    const wrong = [
      [],
      ["--forca", file],
      [file, file],
      [file, "--municipios"],
      ["--municipios", file],
      [file, "--municipios", "--forca"],
    ];
    for (const { code, stderr } of await Promise.all(wrong.map((args) => folder.run(...args)))) {
      assertEquals(code, 2);
      assertStringIncludes(stderr, "deno task import:cnes ARQUIVO");
    }
    const help = await folder.run("--help");
    assertEquals([help.code, help.stderr], [0, ""]);
    assertEquals(await edition(folder), null);
  }));
