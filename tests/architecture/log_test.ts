import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../support/portal.ts";
import { sources } from "./sources.ts";

/** What serves or sends without a person at a terminal. What runs in a browser has its console. */
const SILENT = /^(app|main)\.ts$|^(core|bot|http|routes|tools\/mtls)\//;
/** The log itself, and what is said to the person who starts the process, or at its end. */
const MAY = ["config/read.ts", "log/log.ts", "store/open.ts", "store/watch.ts"]
  .map((path) => `core/${path}`);

Deno.test("what a server has to tell goes to the log, where it is redacted", async () => {
  const found: string[] = [];
  for (const file of await sources(root)) {
    if (!SILENT.test(file) || MAY.includes(file) || file.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(join(root, file));
    if (/\bconsole\.\w+\(/.test(text)) found.push(file);
  }
  assertEquals(found, []);
});
