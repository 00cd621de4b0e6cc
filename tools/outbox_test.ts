import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runOutbox } from "../core/outbox/testing.ts";
import { enqueue } from "../core/outbox/enqueue.ts";
import { openStore } from "../core/store/open.ts";
import { transact } from "../core/store/transact.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { runTask } from "../tests/support/portal.ts";

Deno.test("deno task outbox: dead letters listed without secrets, given back, or not found", async () => {
  const data = await Deno.makeTempDir();
  try {
    const empty = await runTask({ data }, "outbox", "list");
    assertStringIncludes(empty.output, "Nenhuma mensagem parada.");
    {
      using kv = await openStore(data);
      const deps = { kv, config: testConfig, now: Date.now };
      const subject = "Código de confirmação: ABCD2345";
      const mail = { channel: "mail", to: "fulana@b.example", subject, text: "" } as const;
      await transact(kv, (tx) => enqueue(deps, tx, mail));
      await runOutbox(deps, () => Promise.resolve({ outcome: "never", error: "550 no" }));
    }
    const listed = await runTask({ data }, "outbox", "list");
    assertEquals(listed.code, 0, listed.output);
    assertStringIncludes(listed.output, "e-mail para f***@b.example: Código de confirmação  (");
    assertStringIncludes(listed.output, "550 no");
    assertEquals(/ABCD2345|fulana/.test(listed.output), false);
    const [id] = /^[0-9A-Z]{26}/m.exec(listed.output)!;
    assertMatch((await runTask({ data }, "outbox", "retry", id)).output, /De volta à fila: 1/);
    const again = await runTask({ data }, "outbox", "retry", id);
    assertEquals(again.code, 1);
    assertStringIncludes(again.output, `Não existe a mensagem ${id}.`);
    assertEquals((await runTask({ data }, "outbox", "nada")).code, 2);
    assertEquals((await runTask({ data }, "outbox", "retry")).code, 2);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
