import type { Key } from "@/core/store/key.ts";
import { join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import { hashPassword } from "@/core/account/password.ts";
import { createSession, SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import { TERMS_VERSION } from "@/core/account/terms.ts";
import { newId } from "@/core/ids.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import { openStore } from "@/core/store/open.ts";
import type { Person, RegisteredCertificate } from "@/core/store/records/account.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import type { LoggedIn, SeenCertificate, Session } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import type { RunningPortal } from "../support/portal.ts";
import { type Visitor, WIDE } from "./actions.ts";
import type { JourneyPerson } from "./people.ts";

/** The store of a running portal, for what only the passing of time or somebody elsewhere would do. */
export type Backstage = Deps & Disposable;

export async function openBackstage(portal: RunningPortal): Promise<Backstage> {
  const kv = await openStore(portal.data);
  const secret = await Deno.readTextFile(join(portal.data, "segredo-de-desenvolvimento"));
  return {
    kv,
    config: { ...testConfig, origin: portal.origin, secret },
    now: Date.now,
    [Symbol.dispose]: () => kv.close(),
  };
}

/** Changes a record as it is in the store. */
export async function edit<T extends object>(
  { kv }: Deps,
  key: Key<T>,
  change: (value: T) => Partial<T>,
): Promise<void> {
  await transact(kv, async (tx) => {
    const value = await tx.get(key);
    if (!value) throw new Error(`nothing at ${JSON.stringify(key)}`);
    tx.set(key, { ...value, ...change(value) });
  });
}

const DAY = 24 * 60 * 60_000;

/**
 * Lets a visitor be the representative of an operadora whose first access (J1, walked elsewhere) is
 * behind them: the person, their certificate, and a session that it has opened.
 */
export async function becomeRepresentative(
  backstage: Backstage,
  visitor: Visitor,
  { cnpj, representante }: Operadora,
  { cpf, email, password }: JourneyPerson,
): Promise<void> {
  const now = backstage.now();
  const name = representante!;
  const sha256 = cnpj.replace(/\W/g, "").toLowerCase().padEnd(64, "0");
  const person: Person = {
    id: newId(now),
    cpf,
    name,
    email,
    contactEmail: null,
    passwordHash: await hashPassword(password),
    provisional: null,
    active: true,
    createdAt: now,
  };
  const notAfter = now + 365 * DAY;
  const certificate: SeenCertificate = {
    sha256,
    cnpj,
    operadora: cnpj,
    companyName: name,
    responsible: { name, cpf },
    notAfter,
  };
  const session = await transact(backstage.kv, (tx) => {
    tx.set(keys.person(cpf), person);
    tx.set(keys.personById(person.id), cpf);
    tx.set(keys.personByEmail(email), cpf);
    tx.set(keys.termsAccepted(cpf, TERMS_VERSION), now);
    tx.set(keys.representative(cnpj), { cpf, name, since: now });
    const registered: RegisteredCertificate = { sha256, notAfter, registeredAt: now };
    tx.set(keys.certificateOfOperadora(cnpj), registered);
    tx.set(keys.operadoraOfCertificate(sha256), cnpj);
    return createSession<LoggedIn>(backstage, tx, {
      agent: "test",
      state: { kind: "person", cpf, certificate, operadora: cnpj, authenticatedAt: now },
    });
  });
  await giveSession(backstage, visitor, session);
}

/** Puts a session into a visitor's browser. */
export async function giveSession(
  backstage: Backstage,
  visitor: Visitor,
  session: Session,
): Promise<void> {
  await visitor.page.context().addCookies([{
    name: SESSION_COOKIE,
    value: await sessionToken(backstage, session),
    // Browsers take localhost for a safe place; whoever puts a cookie there by hand has to say so.
    url: backstage.config.origin.replace("http:", "https:"),
    secure: true,
    httpOnly: true,
  }]);
}

/** The open sessions of a person. */
export async function sessionsOf({ kv }: Deps, cpf: string): Promise<Session<LoggedIn>[]> {
  const index = await Array.fromAsync(kv.list({ prefix: keys.sessionByPerson.under(cpf) }));
  const reads = index.map(({ key }) => kv.get<Session<LoggedIn>>(keys.session(key[2] as string)));
  return (await Promise.all(reads)).flatMap(({ value }) => value ? [value] : []);
}

const DESK = 1280;
const PHONE = 390;
const HEIGHT = 844;

/**
 * Looks at the page as it is now on a desk and on a phone: no sideways scrolling on either, no fault
 * of accessibility on the desk. A wide run looks for those on the phone too, and takes pictures.
 *
 * @throws {Error} with the name and what is wrong
 */
export async function look(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor;
  const faults: string[] = [];
  for (const [device, width] of [["celular", PHONE], ["mesa", DESK]] as const) {
    await page.setViewportSize({ width, height: HEIGHT });
    await visitor.screenshot(`${name}-${device}`);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    if (scroll > width) faults.push(`${name} is ${scroll} wide on a screen of ${width}`);
    if (WIDE || width === DESK) faults.push(...await inspect(visitor));
  }
  if (faults.length > 0) throw new Error(`${name}: ${faults.join("\n")}`);
}

/** For the pages of browsers that run no scripts: axe is one. */
const copies = new WeakMap<Browser, Promise<Page>>();

async function inspect({ page, scripted }: Visitor): Promise<string[]> {
  if (scripted) return await findAccessibilityFaults(page);
  const browser = page.context().browser()!;
  if (!copies.has(browser)) copies.set(browser, browser.newPage());
  const copy = await copies.get(browser)!;
  const [address, body] = [page.url(), await page.content()];
  const html = { contentType: "text/html; charset=utf-8", body };
  await copy.setViewportSize(page.viewportSize()!);
  await copy.route((url) => url.href === address, (route) => route.fulfill(html), { times: 1 });
  await copy.goto(address);
  return await findAccessibilityFaults(copy);
}
