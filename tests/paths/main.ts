import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import { type Judged, judgeForest, plant, type Verdict } from "./forest.ts";
import { createKit } from "./kit.ts";
import { openSslVersion } from "../support/openssl.ts";

/**
 * `deno task test:paths [--count N] [--seed S] [--without-openssl]`: good and bad chains, each rule
 * broken alone and in pairs, judged by the portal and by `openssl verify -x509_strict`. Exits with
 * 1 when the portal accepts what OpenSSL refuses.
 */
const { values } = parseArgs({
  args: Deno.args,
  options: {
    "count": { type: "string", default: "1000" },
    "seed": { type: "string", default: "1" },
    "without-openssl": { type: "boolean", default: false },
  },
});
const version = await openSslVersion();
if (version === null) {
  console.log("openssl is not installed: nothing was compared.");
  Deno.exit(values["without-openssl"] ? 0 : 1);
}
const forest = plant(Number(values.count), Number(values.seed));
const progress = showProgress("Conferindo", forest.length);
const started = performance.now();
const judged = await judgeForest(forest, await createKit(), (done) => progress.update(done));
progress.end();
const laxer = print(judged, (performance.now() - started) / 1000);
Deno.exit(laxer > 0 ? 1 : 0);

/** Answers how many chains only the portal accepts. */
function print(judged: readonly Judged[], seconds: number): number {
  const of = (verdict: Verdict) => judged.filter((one) => one.verdict === verdict);
  const good = of("agree: good").length;
  const bad = of("agree: bad").length;
  console.log(`${judged.length} chains, seed ${values.seed}, ${version}, ${seconds.toFixed(0)} s`);
  console.log(`  agree     ${good + bad} (${good} good, ${bad} bad)`);
  console.log(`  stricter  ${of("stricter").length}`);
  console.log(`  laxer     ${of("laxer").length}`);
  console.log(
    `  known     ${of("known").length} (an authority's basicConstraints not critical, as some of ` +
      "ICP-Brasil's are: only -x509_strict refuses it)",
  );
  for (const { openSsl, steps } of of("laxer")) {
    console.log(`LAXER: ${steps} (OpenSSL: ${openSsl})`);
  }
  console.log("Stricter, by the reason of the portal:");
  for (const [code, group] of Map.groupBy(of("stricter"), ({ ours }) => ours)) {
    const alone = group.map(({ steps }) => steps).filter((steps) => !steps.includes(" + "));
    console.log(`  ${String(group.length).padStart(4)} ${code}`);
    for (const steps of alone) console.log(`         ${steps}`);
  }
  return of("laxer").length;
}
