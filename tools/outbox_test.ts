import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runOutbox } from "../core/outbox/testing.ts";
import { enqueue } from "../core/outbox/enqueue.ts";
import { openStore } from "../core/store/open.ts";
import { transact } from "../core/store/transact.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { withTaskFolder } from "./task_testing.ts";

Deno.test("deno task outbox: dead letters listed without secrets, given back, or not found", () =>
  withTaskFolder(async ({ path, run }) => {
    const empty = await run("outbox", "list");
    assertStringIncludes(empty.stdout, "Nenhuma mensagem parada.");
    {
      using kv = await openStore(`${path}/data`);
      const deps = { kv, config: testConfig, now: Date.now };
      const subject = "Código de confirmação: ABCD2345";
      const mail = { channel: "mail", to: "fulana@b.example", subject, text: "" } as const;
      await transact(kv, (tx) => enqueue(deps, tx, mail));
      await runOutbox(deps, () => Promise.resolve({ outcome: "never", error: "550 no" }));
    }
    const listed = await run("outbox", "list");
    assertEquals(listed.code, 0, listed.stderr);
    assertStringIncludes(listed.stdout, "e-mail para f***@b.example: Código de confirmação  (");
    assertStringIncludes(listed.stdout, "550 no");
    assertEquals(/ABCD2345|fulana/.test(listed.stdout + listed.stderr), false);
    const [id] = /^[0-9A-Z]{26}/m.exec(listed.stdout)!;
    assertMatch((await run("outbox", "retry", id)).stdout, /De volta à fila: 1/);
    const again = await run("outbox", "retry", id);
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, `Não existe a mensagem ${id}.`);
    assertEquals((await run("outbox", "nada")).code, 2);
    assertEquals((await run("outbox", "retry")).code, 2);
  }));
