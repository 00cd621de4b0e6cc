import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import { root } from "../support/portal.ts";
import { chooseMutants } from "./choose.ts";
import { copyTree, readTree } from "./copy.ts";
import { isSource, readImports, testsOf } from "./graph.ts";
import { hunt, type Kill } from "./hunt.ts";
import { diffOf, type Mutant } from "./sites.ts";

const HELP = `deno task mutate [--seed N] [--count N] [--shard I/N] [--jobs N] [--list] [FILES…]

Changes the product's source in one place at a time, in a copy of the tree, and looks for a test
that notices. Prints who survived. FILES are files or folders.

  --seed N     other mutants for another number (1)
  --count N    how many mutants (100)
  --shard I/N  of these only every Nth, from the Ith on: N machines share a run (1/1)
  --jobs N     copies that are worked in side by side (2)
  --limit S    seconds that a test file may take; a longer one has noticed (120)
  --near       only the nearest tests: quick, and calls some alive that a farther test would kill
  --list       prints the mutants and runs nothing`;

/** Where the rules are. Folders that are not there are left out. */
const DEFAULTS = [
  ...["access", "account", "certificate", "handoff", "notify", "onboarding", "outbox"],
  ...["registry", "signin", "store"],
].map((module) => `core/${module}`).concat("bot", "http");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
    shard: { type: "string", default: "1/1" },
    jobs: { type: "string", default: "2" },
    limit: { type: "string", default: "120" },
    near: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  Deno.exit(0);
}
const [shard, shards] = values.shard.split("/").map(Number) as [number, number];
const [seed, count, jobs, limit] = [values.seed, values.count, values.jobs, values.limit]
  .map(Number) as [number, number, number, number];
const whole = [seed, count, jobs, limit, shard, shards].every(Number.isInteger);
if (!whole || jobs < 1 || shard < 1 || shard > shards) stop(HELP);

const files = await readTree(root);
const graph = readImports(files);
const tests = unitTests();
const named = positionals.map((path) => path.replace(/^\.\//, "").replace(/\/$/, ""));
const groups = (named.length > 0 ? named : DEFAULTS).map(sourcesOf).filter(({ size }) => size > 0);
const mutants = chooseMutants(groups, { seed, count })
  .filter((_, i) => i % shards === shard - 1);
if (values.list) {
  mutants.forEach((mutant) => console.log(describe(mutant)));
  Deno.exit(0);
}
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stopped.abort(new Error(signal)));
}
try {
  await run(stopped.signal);
} catch (error) {
  if (!stopped.signal.aborted) throw error;
  console.error("stopped");
  Deno.exit(130);
}
Deno.exit(0);

async function run(signal: AbortSignal): Promise<void> {
  const nearest = new Map<string, string[]>();
  for (const { file } of mutants) nearest.set(file, testsOf(file, graph, tests));
  const started = performance.now();
  const minutes = () => `${((performance.now() - started) / 60_000).toFixed(1)} min`;
  let judged = 0;
  const rest = { bar: null as ReturnType<typeof showProgress> | null };
  await using trees = new AsyncDisposableStack();
  const copies = await Promise.all(
    Array.from(
      { length: Math.min(jobs, mutants.length) },
      async () => trees.use(await copyTree(root, files, signal)),
    ),
  );
  const found = await hunt(mutants, {
    copies,
    testsOf: ({ file }) => nearest.get(file)!,
    limit: limit * 1000,
    nearFor: 30_000,
    nearOnly: values.near,
    onNear: (mutant, kill) =>
      console.log(
        `${++judged}/${mutants.length} ${minutes()} ${describe(mutant)}\n  ${told(kill)}`,
      ),
    onLate: (mutant, kill) => console.log(`\n${minutes()} ${describe(mutant)}\n  ${told(kill)}`),
    onRest: (done, total) =>
      (rest.bar ??= showProgress("the rest of the suite", total)).update(done),
    onBroken: (test) => console.log(`left out, fails without a mutant: ${test}`),
  });
  const survivors = mutants.filter((mutant) => !found.get(mutant));
  for (const mutant of survivors) {
    console.log(`\nsurvived: ${describe(mutant)}\n${diffOf(files.get(mutant.file)!, mutant)}`);
  }
  const killed = mutants.length - survivors.length;
  console.log(`\n${killed} killed of ${mutants.length} (seed ${seed}, ${minutes()})`);
}

function told(kill: Kill | null): string {
  return kill ? `killed by ${kill.test}: ${kill.failed}` : "alive after the nearest tests";
}

function describe({ file, line, operator, replacement, start, end }: Mutant): string {
  const short = (text: string) => text.replace(/\s+/g, " ").replace(/^(.{40}).+/, "$1…");
  const old = short(files.get(file)!.slice(start, end));
  return `${file}:${line} ${operator}: ${old} -> ${short(replacement)}`;
}

/** The product's files below a path, with their text. */
function sourcesOf(path: string): Map<string, string> {
  const found = [...files].filter(([file]) =>
    (file === path || file.startsWith(`${path}/`)) && isSource(file) && isProduct(file)
  );
  if (found.length === 0 && named.length > 0) stop(`${path}: there is no source file of that name`);
  return new Map(found);
}

/** Neither a test, nor what only tests load. */
function isProduct(file: string): boolean {
  const isTest = (each: string) =>
    /^tests\/|_test\.tsx?$|(^|[/_])(testing\w*|test_support)\.ts$/.test(each);
  const importers = [...graph.importers.get(file) ?? []];
  return !isTest(file) && (importers.length === 0 || !importers.every(isTest));
}

/** The tests of `deno task test:unit`, by the paths that it names; those of this tool need git. */
function unitTests(): Set<string> {
  const task: string = JSON.parse(files.get("deno.json")!).tasks["test:unit"];
  const paths = task.split(/\s+/).filter((word) => /^[\w/]+$/.test(word));
  const isUnit = (file: string) =>
    !file.startsWith("tests/mutate/") && paths.some((path) => file.startsWith(`${path}/`));
  return new Set([...files.keys()].filter((file) => /_test\.tsx?$/.test(file) && isUnit(file)));
}

function stop(message: string): never {
  console.error(message);
  Deno.exit(2);
}
