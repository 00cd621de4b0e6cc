import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SETTINGS } from "@/core/config/mod.ts";
import { root } from "../support/portal.ts";

const page = await Deno.readTextFile(join(root, "docs/deploy/one-machine.md"));
const units = new Map(
  [...page.matchAll(/## `([\w-]+\.service)`[^#]*?```ini\n([\s\S]*?)```/g)].map((
    [, name, text],
  ) => [name!, text!]),
);
const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));

/** The value of a line of a unit. */
function valueOf(unit: string, key: string): string {
  return new RegExp(`^${key}=(.*)$`, "m").exec(units.get(unit) ?? "")?.[1] ?? "";
}

for (const [unit, task] of [["habilita.service", "start"], ["habilita-bot.service", "bot"]]) {
  Deno.test(`${unit} runs what \`deno task ${task}\` runs, and waits long enough for its stop`, () => {
    const text: string = tasks[task!].replaceAll('"', "")
      .replaceAll(/\$(HABILITA_DATA|DIRS)/g, "/var/lib/habilita");
    const [, variable = "", command] = /(SQLITE_TMPDIR=\S+)? ?(deno run.*)$/.exec(text)!;
    assertEquals(valueOf(unit!, "ExecStart"), `/usr/local/bin/${command}`);
    assert(units.get(unit!)!.includes(`\nEnvironment=${variable}`));
    assert(
      Number(valueOf(unit!, "TimeoutStopSec")) > Number(SETTINGS.HABILITA_STOP_SECONDS.default),
    );
    assertEquals(valueOf(unit!, "Restart"), "always");
  });
}
