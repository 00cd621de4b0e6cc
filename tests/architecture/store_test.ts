import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { keys } from "@/core/store/keys.ts";
import { root } from "../support/portal.ts";
import { imports, sources } from "./sources.ts";

const outside = async () =>
  (await sources(root)).filter((file) =>
    !/^(core\/store|tests|bench|packages)\/|test_support/.test(file)
  );

Deno.test("the first part of a key names one kind of record, and no two kinds share it", () => {
  const names = Object.values(keys).map(({ family }) => family);
  assertEquals(names.length, new Set(names).size);
  for (const name of names) assert(/^[a-z]+(_[a-z]+)*$/.test(name), name);
});

Deno.test("no file outside the store spells a key, or asks the store past its types", async () => {
  const raw =
    /\bkv\.(get|getMany|list|set|delete|atomic)\b|\b(get|set|delete|read)\(\s*(kv,\s*)?\[/;
  const found: string[] = [];
  for (const file of await outside()) {
    const text = await Deno.readTextFile(join(root, file));
    const match = raw.exec(text) ?? /\bKvKey\b|store\/key\.ts".*\bfamily\b/.exec(text);
    if (match) found.push(`${file}: ${match[0]}`);
  }
  assertEquals(found, []);
});

Deno.test("the store imports nothing of core but the leaves", async () => {
  const wrong = (await imports()).filter(({ from, to }) =>
    from.startsWith("core/store/") && !to.startsWith("core/store/") &&
    !/^core\/(config|log)\//.test(to) &&
    !["result", "ids", "overloaded", "turns"].some((leaf) => to === `core/${leaf}.ts`)
  );
  assertEquals(wrong, []);
});

Deno.test("no store lies in the checkout itself: none was opened there by a bare name", async () => {
  const found: string[] = [];
  for await (const { isFile, name } of Deno.readDir(root)) {
    if (!isFile) continue;
    const begin = (await Deno.readFile(join(root, name))).subarray(0, 15);
    if (new TextDecoder().decode(begin) === "SQLite format 3") found.push(name);
  }
  assertEquals(found, []);
});
