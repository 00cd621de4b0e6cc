import { must, seedRegistries, type TestDeps, type TestPerson } from "@/tests/fixtures/mod.ts";
import type { Result } from "../../result.ts";
import type { GovbrLevel } from "../../store/records/account.ts";
import type { Session } from "../../store/records/session.ts";
import { makeSigningKey, type SigningKey } from "@/tools/dev/govbr/dialect.ts";
import { type GovbrServer, startGovbr } from "@/tools/dev/govbr/provider.ts";
import { type Choice, visitGovbr } from "@/tools/dev/govbr/testing.ts";
import { beginGovbr, callbackOf } from "./attempt.ts";
import { type GovbrSignIn, signInWithGovbr } from "./enter.ts";

export interface GovbrWorld extends AsyncDisposable {
  govbr: GovbrServer;
  deps: TestDeps;
}

/** With what RFC 6749 2.3.1 wants escaped in the header. */
const CLIENT = { clientId: "portal", clientSecret: "a secret: 100% + more" };

/** Takes a while to make: one for all providers. */
let key: Promise<SigningKey> | undefined;

/** A provider on a port of its own where these people have accounts, and a portal that is its client. */
export async function govbrWorld(
  people: readonly TestPerson[],
  { level = "silver" }: { level?: GovbrLevel } = {},
): Promise<GovbrWorld> {
  // The portal has to know the provider's address, and the provider the portal's.
  const redirectUri = "http://localhost:8000/govbr/retorno";
  const accounts = people.map(({ cpf, name, email }) => ({ cpf, nome: name, email }));
  key ??= makeSigningKey();
  const govbr = await startGovbr({ ...CLIENT, redirectUri }, accounts, await key);
  const deps = await seedRegistries({ govbr: { issuer: govbr.issuer, ...CLIENT, level } });
  if (callbackOf(deps).href !== redirectUri) throw new Error("the portal is elsewhere");
  return {
    govbr,
    deps,
    async [Symbol.asyncDispose]() {
      deps[Symbol.dispose]();
      await govbr.close();
    },
  };
}

export async function begin(
  deps: TestDeps,
  { session = null, address = "192.0.2.1" }: { session?: Session | null; address?: string } = {},
): Promise<{ url: URL; session: Session }> {
  return must(await beginGovbr(deps, { session, address, agent: "test" }));
}

/** What may be done to the addresses on the way: by a person, or by somebody who means them harm. */
export interface Meddling {
  /** With the address that the portal sends the browser to. */
  there?: (url: URL) => void;
  /** With the address that gov.br sends the browser back to. */
  back?: (url: URL) => void;
}

/** The whole way through gov.br. */
export async function enter(
  deps: TestDeps,
  choice: Choice,
  { there, back }: Meddling = {},
): Promise<Result<GovbrSignIn>> {
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
