import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { describeLeaf, openA1 } from "../core/certificate/a1/mod.ts";
import { checkCertificate } from "../core/certificate/login.ts";
import { trustingPortal } from "@/tests/fixtures/pki.ts";
import { openPki } from "./pki/mod.ts";
import { toPem } from "./pki/pem.ts";
import { type TaskFolder, withTaskFolder } from "./task_testing.ts";

/** A folder of its own, and the tasks run with the permissions that they have. */
function withFolder(
  test: (folder: string, command: TaskFolder["run"]) => Promise<void>,
): Promise<void> {
  return withTaskFolder(({ path, run }) => test(path, run));
}

Deno.test("dev_cert makes a file that the portal of the same folder accepts", () =>
  withFolder(async (folder, command) => {
    const out = join(folder, "empresa.pfx");
    const outcome = await command(
      ...["dev:cert", "--cnpj", "12.abc.345/01de-35", "--nome", "João da Conceição"],
      ...["--razao", "Saúde Exemplo S.A.", "--senha", "açaí", "--out", out],
    );
    assertEquals(outcome.code, 0, outcome.stderr);
    assertMatch(outcome.stdout, /CNPJ +12\.ABC\.345\/01DE-35 \(não está no CADOP importado\)/);
    assertStringIncludes(outcome.stdout, out);

    const opened = await openA1(await Deno.readFile(out), "açaí");
    assert(opened.ok);
    if (!opened.ok) return;
    const leaf = await describeLeaf(opened.data);
    assertEquals(leaf.ok && leaf.data.facts.slice(0, 3).map(([, value]) => value), [
      "SAUDE EXEMPLO S.A.",
      "12.ABC.345/01DE-35",
      "JOAO DA CONCEICAO",
    ]);
    using deps = await trustingPortal(await openPki(join(folder, "data")));
    const now = { ...deps, now: Date.now };
    const [der] = opened.data.certificates;
    assertEquals((await checkCertificate(now, { leaf: der!, intermediates: [] })).ok, true);
  }));

Deno.test("dev_cert refuses what it cannot make, and says why", () =>
  withFolder(async (folder, command) => {
    const wrong = async (...args: string[]) => {
      const { code, stderr } = await command("dev:cert", ...args);
      assertEquals(code, 2, stderr);
      // The first one of them makes the store.
      return stderr.split("\n").find((line) => !line.startsWith("O banco recebeu"))!;
    };
    const cnpj = ["--cnpj", "12ABC34501DE35"];
    assertStringIncludes(await wrong(), "Diga o CNPJ");
    assertStringIncludes(await wrong("--cnpj", "12ABC34501DE36"), "dígitos não conferem");
    assertStringIncludes(await wrong(...cnpj, "--cpf", "52998224724"), "CPF");
    assertStringIncludes(await wrong(...cnpj, "--dias", "muitos"), "--dias");
    assertStringIncludes(await wrong(...cnpj, "--cor", "azul"), "--cor");
    assertStringIncludes(await wrong(...cnpj, "--out", join(folder, "a", "b.pfx")), "não existe");
  }));

Deno.test("trust_import takes nothing without a pinned root, and says what it skipped", () =>
  withFolder(async (folder, command) => {
    const { root } = await openPki(join(folder, "data"));
    const bundle = join(folder, "ac");
    await Deno.mkdir(bundle);
    await Deno.writeTextFile(join(bundle, "raiz.pem"), toPem("CERTIFICATE", root.certificate));
    await Deno.writeFile(join(bundle, "raiz.DER"), root.certificate);
    await Deno.writeTextFile(join(bundle, "quebrado.crt"), "isto não é um certificado");
    await Deno.writeTextFile(join(bundle, "leia-me.txt"), "não é lido");
    const { code, stdout } = await command("trust:import", bundle);
    assertEquals(code, 1);
    assertStringIncludes(stdout, "continua fechada");
    assertMatch(stdout, /Puladas +3\n/);
    assertStringIncludes(stdout, "1 ilegíveis: não são certificados:\n  quebrado.crt");
    assertStringIncludes(stdout, "2 fora das árvores das raízes fixadas");
  }));

Deno.test("trust_import asks for a folder with certificates", () =>
  withFolder(async (folder, command) => {
    const run = async (...args: string[]) => {
      const { code, stderr } = await command("trust:import", ...args);
      return [code, stderr.split("\n")[0]];
    };
    const file = join(folder, "arquivo");
    await Deno.writeTextFile(file, "");
    const zip = join(folder, "pacote.zip");
    await Deno.writeTextFile(zip, "não é zip");
    const nothingIn = (place: string) => [
      1,
      `Não há arquivos .crt, .cer, .pem, .der ou .p7b em ${place}.`,
    ];
    assertEquals(await run(), [2, "Diga onde estão os certificados."]);
    assertEquals(await run(`${folder}/x`), [1, `${folder}/x não existe.`]);
    assertEquals(await run(file), nothingIn(file));
    assertEquals(await run(folder), nothingIn(folder));
    assertEquals(await run(zip), [1, `${zip} está danificado ou não é um arquivo .zip.`]);
  }));
