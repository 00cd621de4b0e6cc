import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { fill } from "../core/store/backup/ledger_testing.ts";
import { openStore } from "../core/store/open.ts";
import { root } from "../tests/support/portal.ts";
import { runTask, withTaskFolder } from "./task_testing.ts";

const KEY = crypto.randomUUID();

async function fillStore(data: string, records: number): Promise<void> {
  using kv = await openStore(data, { toBeFilled: true });
  await fill(kv, records);
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

/** One line, no stack, exit 1. */
function assertRefused({ code, stderr }: { code: number; stderr: string }, text: string): void {
  const said = stderr.split("\n").filter((line) => line && !/^\w+: \d+%$/.test(line));
  assertEquals([code, said.length], [1, 1], stderr);
  assertStringIncludes(said[0]!, text);
}

Deno.test("backup, verify and restore by hand: what they say, and what they refuse", () =>
  withTaskFolder(async ({ path, run }) => {
    const file = join(path, "a.backup");
    assertRefused(await run("backup", file), "HABILITA_DATA");
    assertEquals(await names(path), []);
    await fillStore(join(path, "data"), 700);
    const plain = await run("backup", file);
    assertEquals(plain.code, 0, plain.stderr);
    assertStringIncludes(plain.stderr, "não está cifrado");
    assertRefused(await run("backup", file), "já existe");
    assertRefused(await run("backup", join(path, "nowhere", "a")), "não existe");
    assertEquals((await run("backup")).code, 2);

    const verified = await run("backup:verify", file);
    assertEquals(verified.code, 0);
    assertMatch(verified.stdout, /^ {2}person +140$/m);
    assertMatch(verified.stdout, /de um só instante, não cifrado/);
    const checksum = /SHA-256 +(\w{64})/.exec(plain.stdout)![1]!;
    assertStringIncludes(verified.stdout, checksum);
    assertRefused(await run("backup:verify", join(path, "nothing")), "não existe");

    assertRefused(await run("restore", file), "não está vazio");
    const other = { HABILITA_DATA: join(path, "new") };
    const restored = await runTask(other, "restore", file);
    assertEquals(restored.code, 0, restored.stderr);
    assertMatch(restored.stdout, /Registros +701$/m);

    const secret = join(path, "secret.backup");
    const here = { HABILITA_DATA: join(path, "data") };
    const sealed = await runTask({ ...here, HABILITA_BACKUP_KEY: KEY }, "backup", secret);
    assertEquals([sealed.code, sealed.stderr.includes("cifrado")], [0, false], sealed.stderr);
    assertRefused(await run("backup:verify", secret), "defina HABILITA_BACKUP_KEY");
    const wrong = { HABILITA_BACKUP_KEY: crypto.randomUUID() };
    assertRefused(await runTask(wrong, "backup:verify", secret), "não é a chave");
    await Deno.truncate(file, 2_000);
    assertRefused(await run("backup:verify", file), "incompleto");
  }));

Deno.test("a backup that is interrupted leaves nothing and says so", () =>
  withTaskFolder(async ({ path }) => {
    const data = join(path, "data");
    await fillStore(data, 30_000);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=store", "tools/backup.ts", join(path, "a")],
      cwd: root,
      env: { HABILITA_DATA: data, NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const text = new Response(child.stderr).text();
    while (!(await names(path)).includes("a.part")) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGINT");
    const { code } = await child.status;
    assertStringIncludes(await text, "Interrompido");
    assertEquals(code, 130);
    assertEquals(await names(path), ["data"]);
    assertEquals((await names(data)).filter((name) => name.startsWith("backup-")), []);
  }));

Deno.test("a restore that is killed: no task opens the store, the same command ends it", () =>
  withTaskFolder(async ({ path, run }) => {
    await fillStore(join(path, "data"), 20_000);
    const file = join(path, "a");
    assertEquals((await run("backup", file)).code, 0);
    const other = { HABILITA_DATA: join(path, "new") };
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=store", "tools/restore.ts", file],
      cwd: root,
      env: { ...other, NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let said = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.includes("Gravando: 25%")) child.kill("SIGKILL");
    }
    assertEquals((await child.status).signal, "SIGKILL");
    assertRefused(await runTask(other, "trust:list"), `deno task restore ${file}`);
    const ended = await runTask(other, "restore", file);
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(ended.stdout, /^Restauração terminada/);
    assertMatch(ended.stdout, /Registros +20001$/m);
    assertMatch((await runTask(other, "maintenance")).stdout, /^Sem manutenção/);
  }));

Deno.test("the daily backup works under the permissions of the tasks that serve", async (t) => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  for (const task of ["start", "start:mtls"]) {
    await t.step(task, () =>
      withTaskFolder(async ({ path }) => {
        await fillStore(join(path, "data"), 500);
        await Deno.mkdir(join(path, "backups"));
        const { stdout, stderr } = await runTask(
          {
            HABILITA_DATA: join(path, "data"),
            HABILITA_BACKUP_DIR: join(path, "backups"),
            HABILITA_BACKUP_KEY: KEY,
            HABILITA_ORIGIN: "http://localhost:8000",
            HABILITA_SECRET: crypto.randomUUID(),
          },
          "--eval",
          tasks[task].replace(/\S+\.ts$/, "tools/backup_testing.ts"),
        );
        const { report, failure } = JSON.parse(stdout || `"${stderr}"`);
        // And the identity of the store.
        assertEquals([report?.records, failure], [501, null], stderr);
        assert((await names(join(path, "backups"))).length === 1);
      }));
  }
});

Deno.test("maintenance: on, off, and how it is", () =>
  withTaskFolder(async ({ path, run }) => {
    await fillStore(join(path, "data"), 1);
    assertMatch((await run("maintenance")).stdout, /^Sem manutenção/);
    assertMatch((await run("maintenance", "on")).stdout, /^Em manutenção desde 20/);
    assertMatch((await run("maintenance")).stdout, /^Em manutenção desde 20/);
    // What writes is refused by one line.
    assertRefused(await run("handoff:keys", "forget"), "maintenance off");
    assertMatch((await run("maintenance", "off")).stdout, /^Sem manutenção/);
    assertEquals((await run("maintenance", "maybe")).code, 2);
  }));

Deno.test("a wrong folder is refused by what looks after a store, and gets none", () =>
  withTaskFolder(async ({ path }) => {
    const env = { HABILITA_ORIGIN: "http://localhost:8000", HABILITA_SECRET: KEY };
    const wrong = { ...env, HABILITA_DATA: join(path, "wrong") };
    for (
      const args of [
        ["maintenance", "on"],
        ["store:compact"],
        ["restore", "--discard"],
        ["health"],
      ]
    ) assertRefused(await runTask(wrong, ...args), "Não há um banco do portal");
    assertEquals(await names(path), []);
  }));
