import { assertEquals } from "@std/assert";
import { makeAssets } from "./assets.ts";

const VENDOR = new URL("../static/vendor/", import.meta.url);
const LONG_AGO = new Date("2020-01-01T00:00:00Z");

Deno.test("files that are as they should be are not written again", async () => {
  await makeAssets();
  const names = [...Deno.readDirSync(VENDOR)].map(({ name }) => name);
  for (const name of names) await Deno.utime(new URL(name, VENDOR), LONG_AGO, LONG_AGO);
  await makeAssets();
  for (const name of names) {
    assertEquals((await Deno.stat(new URL(name, VENDOR))).mtime, LONG_AGO, name);
  }
});
