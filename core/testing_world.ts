/**
 * A small invented world for the tests of the modules above the registry: operadoras that come from an
 * imported CADOP file, people with valid check digits, and the ways of the journeys, each walked with
 * the same functions that the pages call.
 */
import { registerUser } from "./access/users/register_user.ts";
import { makeAdministrator } from "./access/change_membership.ts";
import { signInWithCertificate } from "./signin/certificate.ts";
import { finishFirstAccess } from "./onboarding/first_access/finish.ts";
import {
  acceptFirstTerms,
  confirmName,
  submitRegistration,
} from "./onboarding/first_access/steps.ts";
import { loginWithPassword, type PasswordLogin } from "./signin/password.ts";
import { getPerson } from "./account/person.ts";
import { getBinding } from "./account/binding.ts";
import { openAnonymousSession } from "./account/session.ts";
import type { Deps } from "./deps.ts";
import { importCadop } from "./registry/cadop_import.ts";
import {
  type Cells,
  company,
  renderText,
  stream,
  syntheticCnpj,
} from "./registry/cadop_testing.ts";
import { putEstablishment } from "./registry/establishment_testing.ts";
import { getOperadora } from "./registry/operadora.ts";
import { cpfCheckDigits } from "./registry/numbers.ts";
import type { Result } from "./result.ts";
import { keys } from "./store/keys.ts";
import type { Person } from "./store/records/account.ts";
import type { AuditRecord } from "./store/records/audit.ts";
import type { MailMessage, Message, OutboxRecord } from "./store/records/outbox.ts";
import type { Operadora } from "./store/records/registry.ts";
import type {
  Anonymous,
  FirstAccessStep,
  LoggedIn,
  Onboarding,
  PresentedCertificate,
  Session,
} from "./store/records/session.ts";
import { type TestDeps, testDeps } from "./testing.ts";

export const DAY = 24 * 60 * 60_000;
export const MINUTE = 60_000;

export const PASSWORD = "Xk#29vbq";
export const OTHER_PASSWORD = "Jw@84tpz";

export interface WorldPerson {
  cpf: string;
  name: string;
  email: string;
}

function invent(index: number, name: string): WorldPerson {
  const base = String(910_000_000 + index * 13);
  return { cpf: base + cpfCheckDigits(base), name, email: `pessoa${index}@ficticia.example` };
}

/** Rosa represents ALFA, Ivo BETA; Nair comes to represent ALFA in a later edition. */
export const rosa = invent(1, "Rosa Maria de Imaginária");
export const ivo = invent(2, "Ivo Fictício da Silva");
export const nair = invent(3, "Nair Inventada Gomes");
/** Work for the operadoras. */
export const lia = invent(4, "Lia Suposta Campos");
export const caio = invent(5, "Caio Hipotético Reis");
export const zeca = invent(6, "Zeca Simulado Prado");

export const ALFA = syntheticCnpj(1);
export const BETA = syntheticCnpj(2);
export const UNKNOWN_CNPJ = syntheticCnpj(99);

export const ALFA_MAIL = "contato1@ficticia.example";

/** Establishments of ALFA, ALFA and BETA; the last is deactivated. */
export const CNES = "0000001";
export const SECOND_CNES = "0000002";
export const BETA_CNES = "0000003";
export const CLOSED_CNES = "0000009";

const ROWS: Record<string, Cells> = {
  [ALFA]: company(1, {
    Razao_Social: "ALFABETA PLANOS LTDA",
    Representante: rosa.name.toUpperCase(),
  }),
  [BETA]: company(2, { Razao_Social: "BETUNIA SAUDE LTDA", Representante: ivo.name.toUpperCase() }),
};

/** Imports an edition in which some cells differ; `null` leaves the operadora out. */
export async function importEdition(
  deps: Deps,
  changes: Record<string, Cells | null> = {},
): Promise<void> {
  const rows = Object.entries(ROWS).flatMap(([cnpj, cells]) => {
    const change = changes[cnpj];
    return change === null ? [] : [{ ...cells, ...change }];
  });
  must(await importCadop(deps, stream(renderText(rows))));
}

/** A portal with an imported edition of CADOP and four establishments. */
export async function world(config: Parameters<typeof testDeps>[0] = {}): Promise<TestDeps> {
  const deps = await testDeps(config);
  await importEdition(deps);
  for (const cnes of [CNES, SECOND_CNES, BETA_CNES, CLOSED_CNES]) {
    await putEstablishment(deps, {
      cnes,
      nome: `Unidade ${cnes}`,
      razaoSocial: "Empresa Fictícia Ltda",
      cnpj: null,
      cnpjMantenedora: null,
      operadora: cnes === BETA_CNES ? BETA : ALFA,
      directorCpf: null,
      active: cnes !== CLOSED_CNES,
      uf: "SC",
      municipio: "São José",
    });
  }
  return deps;
}

/** The data of an accepted result. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code} ${JSON.stringify(result.detail ?? {})}`);
  return result.data;
}

/** `ok`, or the code of the refusal. */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? "ok" : result.code;
}

/** A company's certificate as the portal keeps it once it has been verified. */
export function certificate(
  deps: Deps,
  cnpj: string,
  options: { letter?: string; responsible?: WorldPerson | null; life?: number } = {},
): PresentedCertificate {
  const [first, representative] = cnpj === ALFA ? ["a", rosa] : ["b", ivo];
  const { letter = first, responsible = representative, life = 365 * DAY } = options;
  return {
    sha256: letter.repeat(64),
    cnpj,
    companyName: "EMPRESA FICTICIA LTDA",
    responsible: responsible && { name: responsible.name.toUpperCase(), cpf: responsible.cpf },
    notAfter: deps.now() + life,
  };
}

export function anonymous(deps: Deps): Promise<Session<Anonymous>> {
  return openAnonymousSession(deps, { agent: "test" });
}

export async function showCertificate(deps: Deps, seen: PresentedCertificate) {
  return must(await signInWithCertificate(deps, await anonymous(deps), seen));
}

/** The onboarding that a session is in; null when it is in none, or in one of another flow. */
export function onboardingIn<F extends Onboarding["flow"]>(
  { state }: Session<Anonymous>,
  flow: F,
): Extract<Onboarding, { flow: F }> | null {
  return state.onboarding?.flow === flow
    ? state.onboarding as Extract<Onboarding, { flow: F }>
    : null;
}

export function form(person: WorldPerson, password = PASSWORD) {
  return { cpf: person.cpf, email: person.email, password, repeated: password };
}

/** A representative's first access, walked until the given step is asked. */
export async function representativeAt(
  deps: Deps,
  step: FirstAccessStep,
  person: WorldPerson = rosa,
  seen: PresentedCertificate = certificate(deps, ALFA),
): Promise<Session<Anonymous>> {
  const entry = await showCertificate(deps, seen);
  if (step === "usuario") return entry.session;
  const named = must(await confirmName(deps, entry.session));
  return step === "termos" ? named : await walkOn(deps, named, step, person);
}

async function walkOn(
  deps: Deps,
  session: Session<Anonymous>,
  step: FirstAccessStep,
  person: WorldPerson,
): Promise<Session<Anonymous>> {
  const agreed = must(await acceptFirstTerms(deps, session, true));
  if (step === "cadastro") return agreed;
  return must(await submitRegistration(deps, agreed, form(person)));
}

/** J1: the whole first access of a representative. */
export async function enterRepresentative(
  deps: Deps,
  person: WorldPerson = rosa,
  seen: PresentedCertificate = certificate(deps, ALFA),
): Promise<Session<LoggedIn>> {
  const session = await representativeAt(deps, "confirmar", person, seen);
  return must(await finishFirstAccess(deps, session, await codeFor(deps, person.email)));
}

/** J6: the representative registers a person. */
export async function addUser(
  deps: Deps,
  person: WorldPerson,
  { cnpj = ALFA, by = rosa, systems = ["sib"] }: {
    cnpj?: string;
    by?: WorldPerson;
    systems?: readonly string[];
  } = {},
) {
  const [actor, operadora] = await Promise.all([
    personOf(deps, by),
    operadoraOf(deps, cnpj),
  ]);
  return await registerUser(deps, actor, operadora, { ...person, systems });
}

/** J7 until the given step: the person came with the provisional password from their e-mail. */
export async function userAt(
  deps: Deps,
  step: Exclude<FirstAccessStep, "usuario">,
  person: WorldPerson,
  password?: string,
): Promise<Session<Anonymous>> {
  const typed = {
    cpf: person.cpf,
    password: password ?? await provisionalFor(deps, person.email),
  };
  const entry = must(await login(deps, typed));
  if (entry.next !== "first_access") throw new Error("no first access");
  return step === "termos" ? entry.session : await walkOn(deps, entry.session, step, person);
}

/** J7 whole, after J6. */
export async function enterUser(
  deps: Deps,
  person: WorldPerson,
  options: Parameters<typeof addUser>[2] = {},
): Promise<Session<LoggedIn>> {
  must(await addUser(deps, person, options));
  const session = await userAt(deps, "confirmar", person);
  return must(await finishFirstAccess(deps, session, await codeFor(deps, person.email)));
}

/** J6, J7 and the appointment: a person who decides for an establishment of ALFA. */
export async function enterAdministrator(
  deps: Deps,
  person: WorldPerson,
  cnes = CNES,
): Promise<Session<LoggedIn>> {
  const session = await enterUser(deps, person);
  const [actor, administrator] = await Promise.all([
    personOf(deps, rosa),
    personOf(deps, person),
  ]);
  must(await makeAdministrator(deps, actor, ALFA, administrator, cnes));
  return session;
}

export function login(
  deps: Deps,
  typed: { cpf: string; password: string },
  { session = null, address = "192.0.2.1" }: { session?: Session | null; address?: string } = {},
): Promise<Result<PasswordLogin>> {
  return loginWithPassword(deps, { session, address, agent: "test" }, typed);
}

export async function personOf(deps: Deps, person: WorldPerson): Promise<Person> {
  const stored = await getPerson(deps, person.cpf);
  if (!stored) throw new Error(`${person.name} is not in the portal`);
  return stored;
}

export async function operadoraOf(deps: Deps, cnpj: string): Promise<Operadora> {
  const operadora = await getOperadora(deps, cnpj);
  if (!operadora) throw new Error(`no operadora ${cnpj}`);
  return operadora;
}

/** Who is bound to an operadora: CPF, and the letter of the registered certificate. */
export async function representativeOf(deps: Deps, cnpj: string) {
  const { representative, certificate } = await getBinding(deps, cnpj);
  return { cpf: representative?.cpf ?? null, certificate: certificate?.sha256[0] ?? null };
}

/** Ends a person's activity, as the page for it will. */
export async function deactivate(deps: Deps, person: WorldPerson): Promise<void> {
  const stored = await personOf(deps, person);
  await deps.kv.set(keys.person(person.cpf), { ...stored, active: false });
}

/**
 * The same portal for a request that somebody gets in the way of: `action` is done when all has been
 * read for its `nth` commit. Makes a race happen that otherwise would be left to chance.
 */
export function interrupted(deps: Deps, nth: number, action: () => Promise<unknown>): Deps {
  let commits = 0;
  const watch = (operation: Deno.AtomicOperation): Deno.AtomicOperation =>
    overlay(operation, (name, method) => {
      if (name !== "commit") return (...args: unknown[]) => (method(...args), watch(operation));
      return async () => {
        if (++commits === nth) await action();
        return await method();
      };
    });
  const kv = overlay(
    deps.kv,
    (name, method) => name === "atomic" ? () => watch(deps.kv.atomic()) : method,
  );
  return { kv, config: deps.config, now: deps.now };
}

/** Like `interrupted`, but `action` is done when the first list has been read. */
export function interruptedAfterList(deps: Deps, action: () => Promise<unknown>): Deps {
  let lists = 0;
  const kv = overlay(
    deps.kv,
    (name, method) =>
      name !== "list" ? method : async function* (...args: unknown[]) {
        yield* method(...args);
        if (++lists === 1) await action();
      },
  );
  return { kv, config: deps.config, now: deps.now };
}

// deno-lint-ignore no-explicit-any
type Method = (...args: any[]) => any;

/** An object that answers `change(name, method)` in place of its methods. */
function overlay<T extends object>(
  object: T,
  change: (name: string | symbol, method: Method) => Method,
): T {
  return new Proxy(object, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? change(name, value.bind(target)) : value;
    },
  });
}

/** What waits in the outbox, oldest first. */
export async function messages(deps: Deps): Promise<Message[]> {
  const list = deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() });
  return (await Array.fromAsync(list)).map((entry) => entry.value.message);
}

export async function mailsTo(deps: Deps, address: string): Promise<MailMessage[]> {
  return (await messages(deps)).filter((message): message is MailMessage =>
    message.channel === "mail" && message.to === address
  );
}

/** The confirmation code sent last; two in one millisecond have no order. */
export async function codeFor(deps: Deps, address: string): Promise<string> {
  return await lastMatch(deps, address, /código de confirmação é:\s+(\S{8})\s/);
}

export async function provisionalFor(deps: Deps, address: string): Promise<string> {
  return await lastMatch(deps, address, /Senha provisória: (\S+)/);
}

async function lastMatch(deps: Deps, address: string, pattern: RegExp): Promise<string> {
  const found = (await mailsTo(deps, address)).map(({ text }) => pattern.exec(text)?.[1]);
  const last = found.findLast((match) => match !== undefined);
  if (!last) throw new Error(`nothing was sent to ${address}`);
  return last;
}

/** Every record of the audit log. */
export async function auditRecords(deps: Deps) {
  const list = deps.kv.list<AuditRecord>({
    prefix: keys.audit.under(),
  });
  return (await Array.fromAsync(list)).map((entry) => entry.value);
}
