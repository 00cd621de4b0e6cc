import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../support/portal.ts";

const FOLDER = join(root, "docs/decisions");

/** Decisions that one names in the paragraph which begins so, e.g. "Replaces". */
function named(text: string, begins: string): string[] {
  const [, paragraph = ""] = new RegExp(`^(${begins} (?:.+\\n)+)`, "m").exec(text) ?? [];
  return [...paragraph.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file!);
}

Deno.test("what a decision replaces says so, and by which; and the other way round", async () => {
  const replaces: string[] = [];
  const replaced: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    const text = await Deno.readTextFile(join(FOLDER, name));
    for (const old of named(text, "Replaces")) replaces.push(`${name} replaces ${old}`);
    for (const by of named(text, "Replaced")) replaced.push(`${by} replaces ${name}`);
  }
  assert(replaces.length > 8, replaces.join());
  assertEquals(replaced.toSorted(), replaces.toSorted());
});
