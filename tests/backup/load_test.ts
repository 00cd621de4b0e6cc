import { assert } from "@std/assert";
import { fill } from "@/core/store/backup/ledger_testing.ts";
import { load } from "./load.ts";

Deno.test("the tasks, by hand: a backup under load is one moment, restored in another folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "habilita-backup-load-" });
  try {
    const key = crypto.randomUUID();
    const { between: [before, after], moment, records, memory } = await load(folder, {
      records: 4_000,
      writes: 50,
      key,
    }, fill);
    assert(moment >= before && moment <= after + 1, `${before} ${moment} ${after}`);
    assert(records > 4_000);
    assert(memory > 20 && memory < 400, `${memory} MB`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
