/**
 * What the time of an answer tells: the same form with what the portal knows and with what it does not,
 * in turn, and the request right after each. Prints the medians and the area under the curve (0.5: the
 * times tell nothing); fails beyond 5 % or outside 0.46 to 0.54.
 *
 *     deno task test:timing [--count 1000]
 */
import { parseArgs } from "node:util";
import { JOBS } from "@/core/account/jobs.ts";
import { jobRunner } from "@/core/outbox/job.ts";
import type { Send } from "@/core/outbox/send.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import { keys } from "@/core/store/keys.ts";
import {
  declaredBy,
  lia,
  manyPerson,
  nair,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const { values } = parseArgs({ options: { count: { type: "string", default: "1000" } } });
const count = Number(values.count);
const MOST = { ratio: 0.05, area: 0.04 };

using deps = await seedRegistries();
await seedRepresentative(deps);
await seedUser(deps, lia);
for (let i = 0; i < 20; i++) await seedUser(deps, manyPerson(i));
const jobs = jobRunner(deps, JOBS);
const send: Send = async (message) =>
  message.channel === "job" ? await jobs(message) : { outcome: "sent" };
const worker = createOutboxWorker(deps, send, { selfWaking: true });
const handle = await testApp(deps, { budget: false, outbox: worker });

const { cns, name } = declaredBy(nair);
const data = { cpf: nair.cpf, cns, nome: name };
type Form = Record<string, string>;
const TRIES: [what: string, path: string, known: Form, unknown: Form][] = [
  ...([["CPF", lia.cpf, nair.cpf], ["e-mail", lia.email, nair.email]] as const).flatMap((
    [by, known, unknown],
  ): typeof TRIES => [
    [`sign-in by ${by}`, "/entrar", { login: known, senha: "Errada#Aqui9" }, {
      login: unknown,
      senha: "Errada#Aqui9",
    }],
    [`recovery by ${by}`, "/recuperar-senha", { login: known }, { login: unknown }],
  ]),
  [
    "registration, e-mail",
    "/cadastro",
    { ...data, email: lia.email },
    { ...data, email: nair.email },
  ],
  [
    "registration, CPF",
    "/cadastro",
    { ...data, cpf: lia.cpf, email: "x@ficticia.example" },
    { ...data, email: "x@ficticia.example" },
  ],
];

/** Limits, sessions and mails as they were: each try is like the first. */
async function reset(): Promise<void> {
  await worker.run();
  const passing = [
    keys.throttle,
    keys.session,
    keys.code,
    keys.recovery,
    keys.outbox,
    keys.outboxDue,
  ];
  for (const { family } of [...passing, keys.outboxPartition]) {
    for await (const { key } of deps.kv.list({ prefix: [family] })) await deps.kv.delete(key);
  }
}

/** Milliseconds of a post from a fresh browser, and of the page asked right after. */
async function measure(path: string, form: Form): Promise<[number, number]> {
  await reset();
  const client = new Client(deps, handle);
  const began = performance.now();
  await client.post(path, form);
  const answered = performance.now();
  await client.get("/entrar");
  return [answered - began, performance.now() - answered];
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** How often a known one takes longer than an unknown one. */
function area(known: number[], unknown: number[]): number {
  const sorted = unknown.toSorted((a, b) => a - b);
  let below = 0;
  for (const time of known) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < time) low = middle + 1;
      else high = middle;
    }
    below += low;
  }
  return below / (known.length * unknown.length);
}

let bad = 0;
for (const [what, path, known, unknown] of TRIES) {
  const times: Record<"known" | "unknown", [number[], number[]]> = {
    known: [[], []],
    unknown: [[], []],
  };
  for (let i = 0; i < 20; i++) await measure(path, i % 2 ? known : unknown);
  for (let i = 0; i < count; i++) {
    // In an order that nothing periodic keeps step with.
    const first = Math.random() < 0.5;
    for (const which of first ? ["known", "unknown"] as const : ["unknown", "known"] as const) {
      const [answer, after] = await measure(path, which === "known" ? known : unknown);
      times[which][0].push(answer);
      times[which][1].push(after);
    }
  }
  for (const [i, part] of ["answer", "after"].entries()) {
    const [one, other] = [times.known[i]!, times.unknown[i]!];
    const [a, b, auc] = [median(one), median(other), area(one, other)];
    const ratio = Math.abs(a - b) / Math.max(a, b);
    const far = ratio > MOST.ratio || Math.abs(auc - 0.5) > MOST.area;
    if (far) bad++;
    const figures = `${a.toFixed(2)} ms known, ${b.toFixed(2)} ms unknown, area ${auc.toFixed(3)}`;
    console.log(`${far ? "BAD " : "    "}${what.padEnd(22)} ${part.padEnd(7)} ${figures}`);
  }
}
await worker.close();
console.log(`${TRIES.length * 2 - bad} passed, ${bad} failed`);
Deno.exit(bad === 0 ? 0 : 1);
