import { join } from "@std/path";
import { isLoggedIn, SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import type { Key } from "@/core/store/key.ts";
import { keys } from "@/core/store/keys.ts";
import { openStore } from "@/core/store/open.ts";
import { list } from "@/core/store/read.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import type { Session } from "@/core/store/records/session.ts";
import { certificate, idOf, seedRepresentative, testConfig } from "@/tests/fixtures/mod.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import type { RunningPortal } from "../support/portal.ts";
import { type Visitor, WIDE } from "./actions.ts";
import type { JourneyPerson } from "./people.ts";

/** The store of a running portal, for what only the passing of time or somebody elsewhere would do. */
export type Backstage = Deps & Disposable;

export async function openBackstage({ data, origin }: RunningPortal): Promise<Backstage> {
  const kv = await openStore(data);
  const secret = await Deno.readTextFile(join(data, "segredo-de-desenvolvimento"));
  const config = { ...testConfig, origin, secrets: [secret] };
  return { kv, config, now: Date.now, [Symbol.dispose]: () => kv.close() };
}

/** Changes a record as it is in the store. */
export async function edit<T>({ kv }: Deps, key: Key<T>, change: (value: T) => Partial<T>) {
  const { value } = await kv.get<T>(key);
  if (!value) throw new Error(`nothing at ${key}`);
  await kv.set(key, { ...value, ...change(value) });
}

/** Eleven minutes pass since a person has logged in: changes of their account ask for more than that. */
export async function ageLogins(deps: Deps, cpf: string): Promise<void> {
  const { kv } = deps;
  const account = await idOf(deps, { cpf });
  for await (const { key, value } of list(kv, keys.session.under())) {
    if (!isLoggedIn(value) || value.state.account !== account) continue;
    const authenticatedAt = value.state.authenticatedAt - 11 * 60_000;
    await kv.set(key, { ...value, state: { ...value.state, authenticatedAt } });
  }
}

/**
 * Lets a visitor be the representative of an operadora whose first access (J1, walked elsewhere) is
 * behind them.
 */
export async function becomeRepresentative(
  backstage: Backstage,
  visitor: Visitor,
  { cnpj, representante }: Operadora,
  person: JourneyPerson,
): Promise<void> {
  const responsible = { ...person, name: representante! };
  const seen = { ...certificate(backstage, cnpj, { responsible }), sha256: cnpj.padEnd(64, "0") };
  await giveSession(backstage, visitor, await seedRepresentative(backstage, responsible, seen));
}

/** Puts a session into a visitor's browser. */
export async function giveSession(deps: Deps, { page, portal }: Visitor, session: Session) {
  const value = await sessionToken(deps, session);
  // Browsers take localhost for a safe place; whoever puts a cookie there by hand has to say so.
  const url = portal.origin.replace("http:", "https:");
  const cookie = { name: SESSION_COOKIE, value, url, secure: true, httpOnly: true };
  await page.context().addCookies([cookie]);
}

/**
 * Looks at the page as it is now on a phone and on a desk: no sideways scrolling on either, no fault
 * of accessibility on the desk. A wide run looks for those on the phone too, and takes pictures.
 *
 * @throws {Error} with the name and what is wrong
 */
export async function look(visitor: Visitor, name: string): Promise<void> {
  const faults: string[] = [];
  for (const [device, width] of [["celular", 390], ["mesa", 1280]] as const) {
    await visitor.page.setViewportSize({ width, height: 844 });
    await visitor.screenshot(`${name}-${device}`);
    const scroll = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
    if (scroll > width) faults.push(`${name} is ${scroll} wide on a screen of ${width}`);
    if (WIDE || device === "mesa") faults.push(...await inspect(visitor));
  }
  if (faults.length > 0) throw new Error(`${name}: ${faults.join("\n")}`);
}

/** Of a page without scripts a copy is inspected: axe is one. */
async function inspect({ page, scripted }: Visitor): Promise<string[]> {
  if (scripted) return await findAccessibilityFaults(page);
  const html = { contentType: "text/html; charset=utf-8", body: await page.content() };
  await using copy = await page.context().browser()!.newPage({ viewport: page.viewportSize() });
  await copy.route(page.url(), (route) => route.fulfill(html));
  await copy.goto(page.url());
  return await findAccessibilityFaults(copy);
}
