import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { type Connections, type Seen } from "./connections.ts";
import { startAttacked } from "./portal.ts";
import { type Answered, startSignIns } from "./sign_ins.ts";
import { median, watchHome } from "./watch.ts";

/** What is promised (issue "it stays up", acceptance 1 and 5). */
const MOST_SILENCE = 10;
const MOST_MEMORY = 300;
const MOST_OPEN = 60;
const MOST_SLOWER = 3;
const MOST_WAIT_TO_BE_TURNED_AWAY = 1_000;
/** Seconds: the deadline of a request, and what a busy machine adds. */
const MOST_WAIT_AT_ALL = 25;

/** What one attack did, in the words that are printed, and which promises it broke. */
export interface Outcome {
  lines: string[];
  broken: string[];
}

/** Connections that keep something of the server and give nothing. */
export interface Hold extends Omit<Connections, "port"> {
  /** Hard limit of open files of the server. */
  descriptors?: number;
}

const FORM = "Content-Type: application/x-www-form-urlencoded";
const post = (...headers: string[]) =>
  ["POST /entrar HTTP/1.1", "Host: localhost", FORM, ...headers, "", ""].join("\r\n");
const HALF_HEADERS = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

/** The attacks that hold connections, by name. @param scale 1 for the full size */
export function holds(scale: number): Record<string, Hold> {
  const part = (count: number) => Math.ceil(count * scale);
  return {
    "one-byte chunks": {
      count: 10,
      head: post("Transfer-Encoding: chunked") + "1\r\na\r\n".repeat(20_000),
    },
    "one-byte packets": { count: 10, head: post("Content-Length: 20000"), drops: 20_000 },
    "slow headers": { count: part(500), head: HALF_HEADERS, drops: 1_000, every: 1 },
    "slow bodies": { count: part(500), head: post("Content-Length: 5000"), drops: 5_000, every: 1 },
    "slow bodies that no page reads": {
      count: part(500),
      head: post("Content-Length: 5000").replace("/entrar", "/nao-existe"),
      drops: 5_000,
      every: 1,
    },
    "idle connections": { count: part(5_000), head: "" },
    "descriptors exhausted": { count: 400, head: "", descriptors: 300 },
  };
}

/** Holds connections until the server has closed them all, or for as long as it may take. */
export async function runHold({ descriptors, ...hold }: Hold): Promise<Outcome> {
  await using portal = await startAttacked(descriptors);
  const watch = watchHome(portal.port, 100);
  const worker = new Worker(new URL("connections.ts", import.meta.url), { type: "module" });
  let seen: Seen = { opened: 0, open: 0, lastClosed: 0 };
  worker.onmessage = ({ data }: MessageEvent<Seen>) => seen = data;
  worker.postMessage({ port: portal.port, ...hold } satisfies Connections);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const isOver = () => seen.opened > 0 && seen.open === 0 && seconds() > 5;
  while (!isOver() && seconds() < MOST_OPEN + 10 && portal.lives()) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const silence = watch.silence();
  const [lives, peak] = [portal.lives(), portal.peak()];
  const stopped = watch.stop();
  worker.terminate();
  await stopped;
  const closed = seen.open > 0 ? Infinity : seen.lastClosed;
  return {
    lines: [
      `longest silence of / ${silence.toFixed(1)} s, memory peak ${peak} MB, ` +
      (seen.open > 0
        ? `${seen.open} of ${seen.opened} connections open after ${seconds().toFixed(0)} s`
        : `${seen.opened} connections closed after ${closed.toFixed(1)} s`) +
      (lives ? "" : `; the process ended: ${portal.errors().trim().split("\n")[0]}`),
    ],
    broken: [
      ...(lives ? [] : ["the process ended"]),
      ...(silence <= MOST_SILENCE ? [] : [`/ was silent for over ${MOST_SILENCE} s`]),
      ...(peak < MOST_MEMORY || !lives ? [] : [`memory over ${MOST_MEMORY} MB`]),
      ...(closed <= MOST_OPEN ? [] : [`connections open for over ${MOST_OPEN} s`]),
    ],
  };
}

/** So many sign-ins at once, in rounds, with a visitor of the home page beside them. */
export async function runSignIns(count: number, rounds: number): Promise<Outcome> {
  await using portal = await startAttacked();
  const alone = await homeDuring(portal.port, new Promise((go) => setTimeout(go, 3_000)));
  const all: Answered = [];
  using signIns = startSignIns(portal.port, count);
  const during = await homeDuring(
    portal.port,
    (async () => {
      for (let i = 0; i < rounds; i++) all.push(...await signIns.round());
    })(),
  );
  const turnedAway = all.filter(([status, , retryAfter]) => status === 503 && retryAfter);
  const served = all.filter(([status]) => status === 422);
  const slowest = (some: Answered) => Math.max(0, ...some.map(([, ms]) => ms));
  const slower = median(during.answers) / median(alone.answers);
  const lives = portal.lives();
  const other = all.length - turnedAway.length - served.length;
  return {
    lines: [
      `${served.length} served, the last after ${(slowest(served) / 1_000).toFixed(1)} s; ` +
      `${turnedAway.length} turned away, the last after ` +
      `${(slowest(turnedAway) / 1_000).toFixed(2)} s; ${other} other answers`,
      `home page ${median(alone.answers).toFixed(1)} ms alone, ` +
      `${median(during.answers).toFixed(1)} ms during (${slower.toFixed(1)} times, ` +
      `${during.answers.length} answers); longest silence ${during.silence().toFixed(1)} s, ` +
      `memory peak ${portal.peak()} MB`,
    ],
    broken: [
      ...(lives ? [] : ["the process ended"]),
      ...(slower <= MOST_SLOWER ? [] : [`the home page is over ${MOST_SLOWER} times slower`]),
      ...(slowest(turnedAway) <= MOST_WAIT_TO_BE_TURNED_AWAY ? [] : ["turned away too late"]),
      ...(turnedAway.length > 0 && other === 0 ? [] : ["not all were served or turned away"]),
      ...(portal.peak() < MOST_MEMORY ? [] : [`memory over ${MOST_MEMORY} MB`]),
    ],
  };
}

/** The file of the store locked by another process, with a sign-in each second meanwhile. */
export async function runLocked(seconds: number): Promise<Outcome> {
  await using portal = await startAttacked();
  const watch = watchHome(portal.port, 100);
  using signIns = startSignIns(portal.port, 1);
  await signIns.round();
  const other = new DatabaseSync(join(portal.data, "habilita.sqlite3"));
  other.exec("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE");
  const started = performance.now();
  const asked: Promise<Answered>[] = [];
  while (performance.now() - started < seconds * 1_000) {
    asked.push(signIns.round());
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  other.exec("ROLLBACK");
  other.close();
  const all = (await Promise.all(asked)).flat();
  const [[after, ms]] = await signIns.round() as [Answered[number]];
  await watch.stop();
  const slowest = Math.max(...all.map(([, ms]) => ms)) / 1_000;
  const turnedAway = all.filter(([status]) => status === 503).length;
  const wrong = all.filter(([status]) => status !== 503 && status !== 422).length;
  return {
    lines: [
      `locked for ${seconds} s: ${all.length} sign-ins, ${turnedAway} turned away, ` +
      `${wrong} other answers, the slowest after ${slowest.toFixed(1)} s; then ` +
      `${after} after ${(ms / 1_000).toFixed(1)} s; longest silence of / ` +
      `${watch.silence().toFixed(1)} s, memory peak ${portal.peak()} MB`,
    ],
    broken: [
      ...(portal.lives() ? [] : ["the process ended"]),
      ...(slowest <= MOST_WAIT_AT_ALL ? [] : [`waited for over ${MOST_WAIT_AT_ALL} s`]),
      ...(wrong === 0 && after === 422 ? [] : ["answered with something else"]),
      ...(watch.silence() <= MOST_SILENCE ? [] : [`/ was silent for over ${MOST_SILENCE} s`]),
    ],
  };
}

async function homeDuring(port: number, work: Promise<unknown>) {
  const watch = watchHome(port, 5);
  await work;
  await watch.stop();
  return watch;
}
