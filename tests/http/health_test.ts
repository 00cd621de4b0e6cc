import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { enqueue } from "@/core/outbox/enqueue.ts";
import { createMailer, createSend } from "@/core/outbox/send.ts";
import { labelled, noJobs, runOutbox } from "@/core/outbox/testing.ts";
import { openStore } from "@/core/store/open.ts";
import { transact } from "@/core/store/transact.ts";
import { MINUTE, seedRegistries, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";

const MAIL = { url: "smtp://portal:segredo-do-smtp@127.0.0.1:1", from: "a@portal.example" };
const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://localhost:8000${path}`, { headers });
const asJson = () => get("/saude", { accept: "application/json" });

interface Answer {
  ok: boolean;
  parts: { id: string; state: string; since: string | null; text: string; todo: string | null }[];
}

/** A mail to a person, tried at a server that is not there. */
async function failToMail(deps: TestDeps): Promise<void> {
  const mailer = createMailer(MAIL);
  await transact(deps.kv, (tx) => enqueue(deps, tx, labelled("maria.amostra@pessoas.example")));
  await runOutbox(deps, createSend({ mailer, chat: null, jobs: noJobs }));
  mailer.close();
}

Deno.test("the process answers, and is ready, whoever asks and with whatever cookie", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  for (const path of ["/saude/vivo", "/saude/pronto"]) {
    const cookie = "__Host-habilita=abc.def; habilita=abc.def";
    const response = await handle(get(path, { cookie }));
    assertEquals([response.status, response.headers.get("set-cookie")], [200, null], path);
    assertEquals(response.headers.get("cache-control"), "no-store");
    assertEquals((await response.text()).trim().split("\n").length, 1);
  }
});

Deno.test("while the process stops it is alive and not ready", async () => {
  using deps = await testDeps();
  const stop = new AbortController();
  const handle = await testApp(deps, { stopping: stop.signal });
  assertEquals((await handle(get("/saude/pronto"))).status, 200);
  stop.abort();
  const response = await handle(get("/saude/pronto"));
  assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
  assertStringIncludes(await response.text(), "parando");
  assertEquals((await handle(get("/saude/vivo"))).status, 200);
});

Deno.test("a store that another program keeps locked: alive, not ready within 2 s, then again", async () => {
  const folder = await Deno.makeTempDir();
  const kv = await openStore(folder);
  using memory = await seedRegistries();
  const handle = await testApp({ ...memory, kv }, { budget: false });
  const database = new DatabaseSync(join(folder, "habilita.sqlite3"));
  const { error } = console;
  console.error = () => {};
  try {
    assertEquals((await handle(get("/saude/pronto"))).status, 200);
    database.exec("BEGIN IMMEDIATE");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const begin = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => handle(get("/saude/pronto"))),
    );
    assert(performance.now() - begin < 5_000, "as quick as a probe that is given up");
    assertEquals(new Set(answers.map(({ status }) => status)), new Set([503]));
    assertEquals((await handle(get("/saude/vivo"))).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const health = await handle(asJson());
    const { parts }: Answer = await health.json();
    assertEquals([health.status, parts.find(({ id }) => id === "store")!.state], [503, "failing"]);
    database.exec("ROLLBACK");
    let status = 503;
    for (let i = 0; i < 20 && status === 503; i++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      status = (await handle(get("/saude/pronto"))).status;
    }
    assertEquals(status, 200);
  } finally {
    console.error = error;
    database.close();
    kv.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("many callers at once cost the store one probe and one look", async () => {
  using deps = await seedRegistries();
  let commits = 0, gets = 0;
  const kv = new Proxy(deps.kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "atomic") commits++;
        if (/^(get|list)/.test(String(name))) gets++;
        return value.apply(target, args);
      };
    },
  });
  const handle = await testApp({ ...deps, kv }, { budget: false });
  await Promise.all(Array.from({ length: 100 }, () => handle(get("/saude/pronto"))));
  await Promise.all(Array.from({ length: 100 }, () => handle(asJson())));
  assertEquals(commits, 1);
  assert(gets < 30, `${gets}`);
});

Deno.test("mail down for days: since when and what to do, without a number or an address", async () => {
  using deps = await seedRegistries({ mail: MAIL });
  const handle = await testApp(deps);
  const since = new Date(deps.now()).toISOString();
  await failToMail(deps);
  deps.advance(3 * 24 * 60 * MINUTE);
  const response = await handle(asJson());
  const { ok, parts }: Answer = await response.json();
  assertEquals([response.status, ok], [503, false]);
  const mail = parts.find(({ id }) => id === "mail")!;
  assertEquals([mail.state, mail.since], ["failing", since]);
  assertStringIncludes(mail.todo!, "SMTP_URL");
  assertEquals(parts.find(({ id }) => id === "waiting")!.state, "warning");

  const page = await (await handle(get("/saude"))).text();
  assertStringIncludes(page, "O portal não consegue enviar e-mails");
  assertStringIncludes(page, "desde ");
  for (const answer of [page, JSON.stringify(parts)]) {
    assert(
      !/maria|pessoas\.example|segredo-do-smtp|127\.0\.0\.1|ECONN|recusou|detail/.test(answer),
    );
  }
});

Deno.test("what strangers may read has fixed fields", async () => {
  using deps = await seedRegistries();
  const handle = await testApp(deps);
  const { parts }: Answer = await (await handle(asJson())).json();
  for (const part of parts) {
    assertEquals(Object.keys(part), ["id", "name", "state", "since", "text", "todo"]);
  }
});
