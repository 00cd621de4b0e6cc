import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import { makeWorld } from "../kill/world.ts";
import { startProcess } from "../support/production.ts";
import { median } from "../attack/watch.ts";
import { Mix } from "./mix.ts";

/**
 * `deno task test:load [--minutes N]`: people on the production build for ten minutes, at half of what it
 * can do. Prints what each kind of visit took, the errors and how the memory went; exits with 1 when
 * there was an error. The build must be there; visitors and portal share the machine's cores.
 */
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);

/** Seconds for finding out what the portal can do, with so many visitors who never rest. */
const [TRIAL, VISITORS] = [15, 16];
const MINUTE = 60_000;
/** Memory is looked at so often (ms). */
const LOOK = 2_000;

await using world = await makeWorld({ places: 2, requests: 4 });
const proxies = { HABILITA_TRUSTED_PROXIES: "127.0.0.1" };
await using portal = await startProcess("run", { ...world.env, ...proxies });
const mix = new Mix(world);

const trial = performance.now() + TRIAL * 1_000;
await Promise.all(Array.from({ length: VISITORS }, async () => {
  while (performance.now() < trial) await mix.visit();
}));
const rate = mix.count / TRIAL / 2;
console.log(`${Math.round(2 * rate)} visits a second when nobody rests; from now on half of it`);
mix.reset();

const begun = performance.now();
const memory: [minute: number, megabytes: number][] = [];
const bar = showProgress("load", minutes * MINUTE);
let looked = 0;
const underWay = new Set<Promise<void>>();
for (let sent = 0;;) {
  const now = performance.now() - begun;
  if (now > minutes * MINUTE) break;
  for (; sent < rate * now / 1_000; sent++) {
    const visit: Promise<void> = mix.visit().finally(() => underWay.delete(visit));
    underWay.add(visit);
  }
  if (now - looked > LOOK) {
    looked = now;
    memory.push([now / MINUTE, residentMemory(portal.pid)]);
    bar.update(now);
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await Promise.all(underWay);
bar.update(minutes * MINUTE);

for (const [kind, times] of mix.times) {
  const sorted = times.toSorted((a, b) => a - b);
  const late = sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
  console.log(
    `${kind.padEnd(28)} ${String(times.length).padStart(7)} visits, median ${
      median(times).toFixed(1)
    } ms, 99 % within ${late.toFixed(0)} ms`,
  );
}
const settled = memory.filter(([minute]) => minute > minutes / 5);
console.log(
  `memory ${memory[0]?.[1]} MB at first, ${
    memory.at(-1)?.[1]
  } MB at the end, slope after a fifth of ` +
    `the time ${slope(settled).toFixed(2)} MB a minute`,
);
for (const [error, times] of mix.errors) console.log(`error: ${error}: ${times} times`);
console.log(mix.errors.size === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
const { code } = await portal.end("SIGTERM");
Deno.exit(mix.errors.size === 0 && code === 0 ? 0 : 1);

/** Of the serving process now, in MB. */
function residentMemory(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
  return Math.round(Number(kilobytes) / 1024);
}

/** Of the line that fits best. */
function slope(points: readonly [x: number, y: number][]): number {
  const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return above / below;
}
