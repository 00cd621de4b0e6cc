import { join } from "@std/path";
import { keys as accessKeys } from "@/core/access/keys.ts";
import { setMembership } from "@/core/access/membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { getRequest } from "@/core/access/requests/request.ts";
import { keys as accountKeys } from "@/core/account/keys.ts";
import type { Person } from "@/core/account/person.ts";
import { keys as linkKeys } from "@/core/account/telegram_link.ts";
import type { AuditRecord } from "@/core/audit/append.ts";
import { keys as outboxKeys } from "@/core/outbox/keys.ts";
import type { Portal } from "@/core/portal.ts";
import { cpfCheckDigits } from "@/core/registry/numbers.ts";
import { putEstablishment } from "@/core/registry/establishment_testing.ts";
import { transact } from "@/core/store/transact.ts";
import { testConfig } from "@/core/testing.ts";
import { startTelegram, type TelegramServer } from "@/tools/telegram/server.ts";
import { root } from "../support/portal.ts";
import { clockFrom, type WorkerOptions } from "./clock.ts";

export interface Load {
  /** Two administer each establishment. */
  administrators: number;
  requests: number;
  /** How often the bot's process is killed while it works. */
  kills: number;
  /** Share of the calls to Telegram that go wrong. */
  faults: number;
}

export interface Outcome {
  requests: number;
  updates: number;
  /** Requests with exactly one decision, in their record and in the log. */
  decidedOnce: number;
  /** Requesters who were told, and mails that came again. */
  told: number;
  toldAgain: number;
  deadLetters: number;
  failedCalls: number;
  seconds: number;
}

const TOKEN = "7000001:test-token";
const PAUSE = 50;

/** Every request is approved by both its administrators at once, every update delivered twice. */
export async function runLoad(load: Load): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "habilita-bot-" });
  const telegram = startTelegram({ token: TOKEN });
  const options: WorkerOptions = {
    store: join(folder, "store.sqlite3"),
    apiRoot: telegram.apiRoot,
    token: TOKEN,
    mails: join(folder, "mails.txt"),
    base: Date.now(),
  };
  await Deno.writeTextFile(options.mails, "");
  const kv = await Deno.openKv(options.store);
  const portal: Portal = { kv, config: testConfig, now: clockFrom(options.base) };
  try {
    const asked = await prepare(portal, telegram, load);
    const began = Date.now();
    let updates = 0;
    for (const { id, deciders } of asked) {
      for (const decider of deciders) {
        telegram.tap(decider, 1, `a:${id}`, { unchecked: true });
        telegram.deliverAgain(telegram.pendingUpdates().at(-1)!);
        updates += 2;
      }
    }
    addFaults(telegram, load.faults);
    let worker = startWorker(options);
    for (let kill = 0; kill < load.kills; kill++) {
      const before = telegram.calls.length;
      // In the middle of the work, wherever that is.
      await until(() => telegram.calls.length > before + Math.random() * 40 || idle(telegram));
      worker.kill("SIGKILL");
      await worker.status;
      worker = startWorker(options);
    }
    await until(async () => idle(telegram) && await isEmpty(kv, outboxKeys.outboxAll()));
    worker.kill("SIGKILL");
    await worker.status;
    const seconds = (Date.now() - began) / 1_000;
    return { ...await count(portal, options.mails, asked), updates, seconds, ...calls(telegram) };
  } finally {
    kv.close();
    await telegram.close();
    await Deno.remove(folder, { recursive: true });
  }
}

interface Asked {
  id: string;
  email: string;
  deciders: number[];
}

async function prepare(portal: Portal, telegram: TelegramServer, load: Load): Promise<Asked[]> {
  const places = Math.ceil(load.administrators / 2);
  for (let i = 0; i < load.administrators; i++) {
    const chatId = 10_000 + i;
    const cnes = cnesOf(i % places);
    const person = await putPerson(portal, 1_000 + i);
    if (i < places) await putEstablishment(portal, establishment(cnes));
    telegram.addUser({ id: chatId, first_name: person.name });
    telegram.start(chatId);
    await transact(portal.kv, (tx) => {
      setMembership(tx, { cnes, cpf: person.cpf, profile: "ADMINISTRADOR", since: 0, by: "test" });
      tx.set(linkKeys.link(person.cpf), { userId: chatId, chatId, name: person.name, since: 0 });
      tx.set(linkKeys.owner(chatId), person.cpf);
    });
  }
  const asked: Asked[] = [];
  for (let i = 0; i < load.requests; i++) {
    const person = await putPerson(portal, 100_000 + i);
    const place = i % places;
    const created = await createRequest(portal, person, {
      cnes: cnesOf(place),
      profile: "OPERADOR",
    });
    if (!created.ok) throw new Error(created.code);
    const deciders = [place, place + places].filter((n) => n < load.administrators)
      .map((n) => 10_000 + n);
    asked.push({ id: created.data.id, email: person.email!, deciders });
  }
  return asked;
}

async function putPerson(portal: Portal, number: number): Promise<Person> {
  const base = String(number).padStart(9, "0");
  const cpf = base + cpfCheckDigits(base);
  const email = `p${number}@pessoas.example`;
  const person: Person = {
    id: `P${number}`,
    cpf,
    name: `Pessoa ${number}`,
    email,
    contactEmail: email,
    passwordHash: null,
    provisional: null,
    active: true,
    createdAt: 0,
  };
  await transact(portal.kv, (tx) => tx.set(accountKeys.person(cpf), person));
  return person;
}

const cnesOf = (place: number) => String(place + 1).padStart(7, "0");

function establishment(cnes: string) {
  return {
    cnes,
    nome: `Unidade ${cnes}`,
    razaoSocial: "Empresa Fictícia Ltda",
    cnpj: null,
    cnpjMantenedora: null,
    operadora: null,
    directorCpf: null,
    active: true,
    uf: "SP",
    municipio: "São Paulo",
  };
}

function addFaults(telegram: TelegramServer, share: number): void {
  const when = () => Math.random() < share / 3;
  for (const status of [429, 500, "drop"] as const) {
    if (share > 0) telegram.faults.push({ method: "*", times: Infinity, status, when });
  }
}

function startWorker(options: WorkerOptions): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tests/bot/worker.ts", JSON.stringify(options)],
    cwd: root,
    stdout: "null",
    stderr: "null",
  }).spawn();
}

const idle = (telegram: TelegramServer) => telegram.pendingUpdates().length === 0;

async function isEmpty(kv: Deno.Kv, prefix: Deno.KvKey): Promise<boolean> {
  return (await Array.fromAsync(kv.list({ prefix }, { limit: 1 }))).length === 0;
}

async function until(probe: () => boolean | Promise<boolean>, seconds = 600): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; !await probe();) {
    if (Date.now() > end) throw new Error(`not done within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function count(portal: Portal, mails: string, asked: readonly Asked[]) {
  const decisions = new Map<string, number>();
  for await (const { value } of portal.kv.list<AuditRecord>({ prefix: ["audit"] })) {
    if (value.event !== "request.aprovada") continue;
    decisions.set(value.subject, (decisions.get(value.subject) ?? 0) + 1);
  }
  const lines = (await Deno.readTextFile(mails)).split("\n").filter((line) =>
    line.includes("Seu pedido de acesso foi")
  );
  const addresses = new Set(lines.map((line) => line.split("\t")[0]!));
  let decidedOnce = 0;
  for (const { id } of asked) {
    const request = await getRequest(portal, id);
    const waits = (await portal.kv.get(accessKeys.requestPending(request!.cnes, id))).value;
    if (request?.state === "aprovada" && !waits && decisions.get(id) === 1) decidedOnce++;
  }
  return {
    requests: asked.length,
    decidedOnce,
    told: asked.filter(({ email }) => addresses.has(email)).length,
    toldAgain: lines.length - addresses.size,
    deadLetters: (await Array.fromAsync(
      portal.kv.list({ prefix: outboxKeys.outboxDeadAll() }),
    )).length,
  };
}

function calls(telegram: TelegramServer) {
  const failed = telegram.calls.filter(({ status }) => status !== 200 && status !== 400);
  return { failedCalls: failed.length };
}
