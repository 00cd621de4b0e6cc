/** `deno task test:backup [--records N] [--writes N]`: a backup under load, printed. */
import { parseArgs } from "node:util";
import { fill } from "@/core/store/backup/ledger_testing.ts";
import { load } from "./load.ts";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "200000" },
    writes: { type: "string", default: "50" },
  },
});
const folder = await Deno.makeTempDir({ prefix: "habilita-backup-load-" });
try {
  const options = { records: Number(values.records), writes: Number(values.writes) };
  const key = crypto.randomUUID();
  const report = await load(folder, { ...options, key }, fill);
  const [before, after] = report.between;
  const [first, last] = [before, after + 1];
  const seconds = (time: number) => `${time.toFixed(1)} s`;
  console.log(`${report.records} records, ${options.writes} writes a second`);
  console.log(`backup   ${seconds(report.backup)}, ${report.memory} MB, ${report.bytes} bytes`);
  console.log(`verify   ${seconds(report.verify)}`);
  console.log(`restore  ${seconds(report.restore)}`);
  console.log(
    `slowest write ${Math.round(report.slowest)} ms (${
      Math.round(report.slowestBefore)
    } ms before)`,
  );
  const sound = report.moment >= first && report.moment <= last;
  console.log(
    `restored is line ${report.moment} of the ledger, which went from ${before} to ${after}`,
  );
  console.log(sound ? "1 passed, 0 failed" : "0 passed, 1 failed");
  if (!sound) Deno.exitCode = 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
