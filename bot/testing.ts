import type { AdministratorsBot } from "./administrators_bot.ts";
import { endMembership } from "../core/access/end_membership.ts";
import { setMembership } from "../core/access/membership.ts";
import { createRequest } from "../core/access/requests/create.ts";
import { getRequest } from "../core/access/requests/request.ts";
import { claimLinkCode, confirmLink, createLinkCode } from "../core/account/telegram/link.ts";
import { newId } from "../core/ids.ts";
import { runOutbox } from "../core/outbox/testing.ts";
import { getEstablishment } from "../core/registry/establishment.ts";
import { putEstablishment } from "../core/registry/establishment_testing.ts";
import { cpfCheckDigits } from "../core/registry/numbers.ts";
import { keys } from "../core/store/keys.ts";
import type { AccessRequest, Profile } from "../core/store/records/access.ts";
import type { Person } from "../core/store/records/account.ts";
import type { AuditRecord } from "../core/store/records/audit.ts";
import type { MailMessage } from "../core/store/records/outbox.ts";
import { transact } from "../core/store/transact.ts";
import { type TestDeps, testDeps } from "../core/testing.ts";
import { ALFA, importEdition, must } from "../core/testing_world.ts";
import { watchChat } from "../tests/support/check_chat_trips.ts";
import { startTelegram } from "../tools/telegram/server.ts";
import { createBot, createChatSender, handleWebhook, startPolling } from "./mod.ts";

export const TOKEN = "7000001:test-token";
export const SECRET = "segredo-do-webhook_1";
export const HOSPITAL = "2077485";
export const CLINIC = "3001229";

/** Telegram accounts of the people in the test world. */
export const MARIA = 1001;
export const JOAO = 1002;
export const RUI = 1003;
export const STRANGER = 1009;

export type Mode = "polling" | "webhook";

/**
 * Two establishments, their administrators and somebody who asks for access, a simulated Telegram
 * with the bot in it, and the outbox drained after each update. All parts are the real ones.
 */
export class TestWorld {
  readonly mails: MailMessage[] = [];
  readonly #sender;
  #draining: Promise<unknown> = Promise.resolve();

  constructor(
    readonly deps: TestDeps,
    readonly telegram: ReturnType<typeof startTelegram>,
    readonly bot: AdministratorsBot,
  ) {
    this.#sender = createChatSender(deps, bot.api);
  }

  /** Sends what is due in the outbox; mails are kept in `mails`. */
  drain(): Promise<unknown> {
    return this.#draining = this.#draining.then(() =>
      runOutbox(this.deps, (message) => {
        if (message.channel === "chat") return this.#sender(message);
        this.mails.push(message);
        return Promise.resolve({ outcome: "sent" });
      })
    );
  }

  /** A person with a valid CPF made of `number`, 1-9 digits. */
  async addPerson(name: string, number: number): Promise<Person> {
    const base = String(number).padStart(9, "0");
    const cpf = base + cpfCheckDigits(base);
    const email = `p${number}@pessoas.example`;
    const person: Person = {
      id: newId(this.deps.now()),
      cpf,
      name,
      email,
      contactEmail: email,
      passwordHash: null,
      provisional: null,
      active: true,
      createdAt: this.deps.now(),
    };
    await transact(this.deps.kv, (tx) => {
      tx.set(keys.person(cpf), person);
      tx.set(keys.personById(person.id), cpf);
    });
    return person;
  }

  async addMember(cnes: string, { cpf }: Person, profile: Profile): Promise<void> {
    const since = this.deps.now();
    await transact(
      this.deps.kv,
      (tx) => setMembership(tx, { cnes, cpf, profile, since, by: "test" }),
    );
  }

  /** Ends a membership as the legal representative of the establishment's operadora does it. */
  async removeMember(cnes: string, { cpf }: Person): Promise<void> {
    await importEdition(this.deps);
    const place = await getEstablishment(this.deps, cnes);
    await putEstablishment(this.deps, { ...place!, operadora: ALFA });
    const { cpf: by, name } = await this.addPerson("Rosa Reis", 301);
    await transact(this.deps.kv, (tx) => {
      tx.set(keys.representative(ALFA), { cpf: by, name, since: this.deps.now() });
    });
    const actor = { cpf: by, represents: ALFA };
    must(await endMembership(this.deps, actor, { cnes, cpf, reason: "Saiu da equipe" }));
  }

  async addAdministrator(name: string, number: number, cnes: string, telegramId?: number) {
    const person = await this.addPerson(name, number);
    await this.addMember(cnes, person, "ADMINISTRADOR");
    if (telegramId) await this.link(person, telegramId);
    return person;
  }

  /** Ties a Telegram account to a person, without the words that go with it. */
  async link(person: Person, userId: number): Promise<void> {
    const code = await createLinkCode(this.deps, person);
    await claimLinkCode(this.deps, code, { userId, chatId: userId, name: person.name });
    await confirmLink(this.deps, person);
  }

  /** Asks for access and sends what goes out for it. */
  async ask(person: Person, cnes: string, profile = "OPERADOR"): Promise<AccessRequest> {
    const created = await createRequest(this.deps, person, { cnes, profile });
    if (!created.ok) throw new Error(created.code);
    await this.drain();
    return created.data;
  }

  async request(id: string): Promise<AccessRequest> {
    const request = await getRequest(this.deps, id);
    if (!request) throw new Error(`there is no request ${id}`);
    return request;
  }

  /** Events of an audit stream, oldest first. */
  async audit(stream: string): Promise<AuditRecord[]> {
    const entries = this.deps.kv.list<AuditRecord>({ prefix: keys.audit.under(stream) });
    return (await Array.fromAsync(entries)).map((entry) => entry.value);
  }

  /** The newest message in a chat that holds this text; waits for it. */
  seen(chatId: number, text: string) {
    return this.telegram.waitFor(() =>
      this.telegram.messages(chatId).findLast((message) => message.text.includes(text))
    );
  }

  /** Waits until the bot has dealt with everything that it was sent. */
  async settled(): Promise<void> {
    await this.telegram.waitFor(() => this.telegram.pendingUpdates().length === 0);
    await this.bot.updateProcessor.idle();
    await this.drain();
  }
}

/**
 * Runs a test in a world of its own, with the bot taking updates in the given mode. A tap or message
 * that takes more sequential round trips to the store than `tests/support/budgets.ts` allows is an
 * error.
 *
 * @param open makes the portal, when it is not to be an empty one
 */
export async function withWorld(
  mode: Mode,
  test: (world: TestWorld) => Promise<void>,
  open: () => Promise<TestDeps> = testDeps,
): Promise<void> {
  using deps = await open();
  const telegram = startTelegram({ token: TOKEN, webhookRetryMs: 1 });
  for (const [id, first_name] of [[MARIA, "Maria"], [JOAO, "João"], [RUI, "Rui"]] as const) {
    telegram.addUser({ id, first_name });
  }
  telegram.addUser({ id: STRANGER, first_name: "Alguém", username: "maria" });
  const bot = createBot(deps, {
    token: TOKEN,
    apiRoot: telegram.apiRoot,
    onCommit: () => void world.drain(),
  });
  const world = new TestWorld(deps, telegram, bot);
  const checkTrips = watchChat(deps.kv, bot);
  for (
    const [cnes, nome] of [[HOSPITAL, "Hospital Ipê"], [CLINIC, "Clínica <Sul> & Cia"]] as const
  ) {
    await putEstablishment(deps, establishment(cnes, nome));
  }
  const stop = mode === "polling" ? runPolling(world) : await runWebhook(world);
  try {
    await test(world);
    await world.settled();
    checkTrips();
  } finally {
    await stop();
    await world.drain();
    await telegram.close();
  }
}

function runPolling({ bot }: TestWorld) {
  const stop = new AbortController();
  const running = startPolling(bot, stop.signal);
  return async () => {
    stop.abort();
    await running;
  };
}

async function runWebhook({ bot }: TestWorld) {
  const handle = handleWebhook(bot, SECRET);
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handle(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}/api/telegram`;
  await bot.api.setWebhook(url, { secret_token: SECRET });
  return async () => {
    await bot.api.deleteWebhook();
    await server.shutdown();
    await bot.updateProcessor.close();
  };
}

function establishment(cnes: string, nome: string) {
  return {
    cnes,
    nome,
    razaoSocial: nome,
    cnpj: null,
    cnpjMantenedora: null,
    operadora: null,
    directorCpf: null,
    active: true,
    uf: "SP",
    municipio: "São Paulo",
  };
}

/** An address on this machine where nobody answers. */
export function unreachableRoot(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
}

/** Registers a test once for each way of taking updates. */
export function inBothModes(
  name: string,
  test: (world: TestWorld) => Promise<void>,
  open?: () => Promise<TestDeps>,
): void {
  for (const mode of ["polling", "webhook"] as const) {
    Deno.test(`${name} (${mode})`, () => withWorld(mode, test, open));
  }
}
