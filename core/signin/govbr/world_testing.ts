import { getSetCookies } from "@std/http";
import { must, seedRegistries, type TestDeps, type TestPerson } from "@/tests/fixtures/mod.ts";
import { makeSigningKey, type SigningKey } from "@/tools/dev/govbr/dialect.ts";
import { startGovbr } from "@/tools/dev/govbr/provider.ts";
import type { GovbrLevel } from "../../store/records/account.ts";
import type { Session } from "../../store/records/session.ts";
import { beginGovbr, callbackOf } from "./attempt.ts";
import { signInWithGovbr } from "./enter.ts";

/** With what RFC 6749 2.3.1 wants escaped in the header. */
const CLIENT = { clientId: "portal", clientSecret: "a secret: 100% + more" };

/** Takes a while to make: one for all providers. */
let key: Promise<SigningKey> | undefined;

export type GovbrWorld = Awaited<ReturnType<typeof govbrWorld>>;

/** A provider on a port of its own where these people have accounts, and a portal that is its client. */
export async function govbrWorld(people: readonly TestPerson[], level: GovbrLevel = "silver") {
  // The portal has to know the provider's address, and the provider the portal's.
  const redirectUri = "http://localhost:8000/govbr/retorno";
  const accounts = people.map(({ name, ...person }) => ({ ...person, nome: name }));
  key ??= makeSigningKey();
  const govbr = await startGovbr({ ...CLIENT, redirectUri }, accounts, await key);
  const deps = await seedRegistries({ govbr: { issuer: govbr.issuer, ...CLIENT, level } });
  if (callbackOf(deps).href !== redirectUri) throw new Error("the portal is elsewhere");
  const close = async () => {
    deps[Symbol.dispose]();
    await govbr.close();
  };
  return { govbr, deps, [Symbol.asyncDispose]: close };
}

export async function begin(deps: TestDeps, from: { session?: Session } = {}) {
  const usual = { session: null, agent: "test" };
  return must(await beginGovbr(deps, { ...usual, ...from }));
}

/** Who comes, and whether gov.br has verified the e-mail (yes unless told), and whether they say no. */
export type Choice = { cpf: string; level?: GovbrLevel; email?: boolean; deny?: boolean };

/**
 * A person's browser at the provider: from the address that the portal sent them to, through the page
 * with the people, to the address that the provider sends them back to (which is not fetched).
 */
export async function visitGovbr(address: URL, choice: Choice): Promise<URL> {
  const cookies = new Map<string, string>();
  const visit = async (url: URL, form?: URLSearchParams): Promise<URL> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const init = { method: form ? "POST" : "GET", body: form, redirect: "manual" } as const;
    const response = await fetch(url, { ...init, headers: { cookie } });
    await response.body?.cancel();
    if (response.status >= 400) throw new Error(`${url.pathname}: ${response.status}`);
    for (const { name, value } of getSetCookies(response.headers)) cookies.set(name, value);
    return new URL(response.headers.get("location") ?? url, url);
  };
  const page = await visit(await visit(address));
  const form = new URLSearchParams({ cpf: choice.cpf, nivel: choice.level ?? "silver" });
  form.set("acao", choice.deny ? "negar" : "entrar");
  if (choice.email !== false) form.set("email", "sim");
  let next = await visit(page, form);
  while (next.origin === address.origin) next = await visit(next);
  return next;
}

/**
 * What may be done to the addresses on the way, by a person or by somebody who means them harm: to the
 * one that the portal sends the browser to, and to the one that gov.br sends it back to.
 */
export type Meddling = Partial<Record<"there" | "back", (url: URL) => void>>;

/** The whole way through gov.br. */
export async function enter(deps: TestDeps, choice: Choice, { there, back }: Meddling = {}) {
  const { url, session } = await begin(deps);
  there?.(url);
  const address = await visitGovbr(url, choice);
  back?.(address);
  return await signInWithGovbr(deps, session, address.searchParams);
}

/** Refusals are told to whoever runs the portal; these are expected. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { error } = console;
  console.error = () => {};
  try {
    return await work();
  } finally {
    console.error = error;
  }
}
