import { assertEquals, assertStringIncludes } from "@std/assert";
import { publishedKeys, signingKey } from "../core/handoff/signing_keys.ts";
import { openStore } from "../core/store/open.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { runTask } from "../tests/support/portal.ts";

Deno.test("deno task handoff:keys: listed without secrets, and forgotten", async () => {
  const data = await Deno.makeTempDir();
  try {
    const empty = await runTask({ data }, "handoff:keys", "list");
    assertStringIncludes(empty.output, "Nenhuma chave ainda.");
    let kid = "";
    {
      using kv = await openStore(data);
      ({ kid } = await signingKey({ kv, config: testConfig, now: Date.now }));
    }
    const listed = await runTask({ data }, "handoff:keys", "list");
    assertStringIncludes(listed.output, `${kid}  atual, assina desde 20`);
    const forgotten = await runTask({ data }, "handoff:keys", "forget");
    assertStringIncludes(forgotten.output, "Chaves esquecidas: 1");
    {
      using kv = await openStore(data);
      const [key, ...others] = await publishedKeys({ kv, config: testConfig, now: Date.now });
      assertEquals(others, []);
      assertEquals(key!.kid === kid, false);
    }
    assertEquals((await runTask({ data }, "handoff:keys", "nada")).code, 2);
    assertEquals((await runTask({ data }, "handoff:keys")).code, 2);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
