import { assertEquals, assertStringIncludes } from "@std/assert";
import { publishedKeys, signingKey } from "../core/handoff/signing_keys.ts";
import { openStore } from "../core/store/open.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { withTaskFolder } from "./task_testing.ts";

Deno.test("deno task handoff:keys: listed without secrets, and forgotten", () =>
  withTaskFolder(async ({ path, run }) => {
    const empty = await run("handoff:keys", "list");
    assertStringIncludes(empty.stdout, "Nenhuma chave ainda.");
    let kid = "";
    {
      using kv = await openStore(`${path}/data`);
      ({ kid } = await signingKey({ kv, config: testConfig, now: Date.now }));
    }
    const listed = await run("handoff:keys", "list");
    assertStringIncludes(listed.stdout, `${kid}  atual, assina desde 20`);
    const forgotten = await run("handoff:keys", "forget");
    assertStringIncludes(forgotten.stdout, "Chaves esquecidas: 1");
    {
      using kv = await openStore(`${path}/data`);
      const [key, ...others] = await publishedKeys({ kv, config: testConfig, now: Date.now });
      assertEquals(others, []);
      assertEquals(key!.kid === kid, false);
    }
    assertEquals((await run("handoff:keys", "nada")).code, 2);
    assertEquals((await run("handoff:keys")).code, 2);
  }));
