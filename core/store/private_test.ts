import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FILE_NAME, partsOf } from "./file.ts";
import { openStore } from "./open.ts";
import { withData } from "./testing.ts";

const modeOf = async (path: string) => ((await Deno.stat(path)).mode! & 0o777).toString(8);

Deno.test("the folder and the files of a new store are closed to other users", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    await kv.set(["key"], 1);
    assertEquals(await modeOf(data), "700");
    for (const part of partsOf(join(data, FILE_NAME))) {
      assertEquals(await modeOf(part), "600", part);
    }
    kv.close();
  }));

Deno.test("those of an older store are closed when it is opened", () =>
  withData(async (data) => {
    await Deno.mkdir(data);
    const path = join(data, FILE_NAME);
    const older = await Deno.openKv(path);
    await older.set(["key"], 1);
    for (const part of partsOf(path)) await Deno.chmod(part, 0o666);
    await Deno.chmod(data, 0o777);
    const kv = await openStore(data);
    assertEquals(await modeOf(data), "700");
    for (const part of partsOf(path)) assertEquals(await modeOf(part), "600", part);
    kv.close();
    older.close();
  }));

Deno.test("a folder that holds other things stays as it is, the file in it does not", () =>
  withData(async (data) => {
    await Deno.mkdir(data, { mode: 0o755 });
    await Deno.chmod(data, 0o755);
    await Deno.writeTextFile(join(data, "other"), "");
    (await openStore(data)).close();
    assertEquals([await modeOf(data), await modeOf(join(data, FILE_NAME))], ["755", "600"]);
  }));
