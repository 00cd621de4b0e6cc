import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { root } from "../support/portal.ts";

const PRELOAD = "tests/fixtures/time_limit.ts";

Deno.test("every task that runs tests gives each of them a time limit", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const runs = Object.values<string>(tasks).flatMap((task) => task.match(/deno test [^&]+/g) ?? []);
  assertEquals(runs.filter((run) => !run.includes(` --preload ${PRELOAD} `)), []);
  assertEquals(runs.length > 2, true);
});

Deno.test("a test that never ends fails by its name, the others go on", async () => {
  const folder = await Deno.makeTempDir();
  const never = "() => new Promise((resolve) => setTimeout(resolve, 60_000))";
  const file = `Deno.test("endless", ${never});
    Deno.test({ name: "endless by options", fn: ${never} });
    Deno.test("with steps", async (context) => void await context.step("endless step", ${never}));
    Deno.test("short", () => {});`;
  try {
    await Deno.writeTextFile(join(folder, "endless_test.ts"), file);
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", "--preload", join(root, PRELOAD), folder],
      env: { TEST_LIMIT_MS: "300", NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 1);
    assertMatch(text, /"endless" did not end within 0.3 s/);
    assertMatch(text, /"endless by options" did not end within 0.3 s/);
    assertMatch(text, /endless step \.\.\. INCOMPLETE/);
    assertMatch(text, /1 passed \| 3 failed/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
