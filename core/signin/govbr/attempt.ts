import { log } from "../../log/mod.ts";
import { isRunning } from "../../clock.ts";
import * as oidc from "openid-client";
import type { GovbrConfig } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { randomToken } from "../../ids.ts";
import { openValue, sealValue } from "../../seal.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { Session } from "../../store/records/session.ts";
import type { Transaction } from "../../store/transact.ts";
import type { Client } from "../password.ts";
import type { AccountCode } from "../../account/messages.ts";
import { openVisit } from "../../account/session.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";

/** For each request to gov.br: finding, connecting and reading together. */
const TIMEOUT_SECONDS = 8;
/** How long what gov.br publishes about itself is believed without looking again. */
const METADATA_LIFE = 60 * 60_000;

interface KnownClient {
  client: Promise<oidc.Configuration>;
  until: number;
}

const clients = new WeakMap<GovbrConfig, KnownClient>();

/**
 * The client of gov.br, with what gov.br publishes about itself (OpenID Connect Discovery 1.0), whose
 * issuer must be the configured one. Looked up once an hour; a failure is not remembered.
 *
 * @throws when gov.br does not answer, or with something else
 */
export function getClient(deps: Deps, config: GovbrConfig): Promise<oidc.Configuration> {
  const known = clients.get(config);
  if (known && isRunning(known.until, deps.now(), METADATA_LIFE)) return known.client;
  const client = discover(config);
  clients.set(config, { client, until: deps.now() + METADATA_LIFE });
  client.catch(() => clients.delete(config));
  return client;
}

async function discover(config: GovbrConfig): Promise<oidc.Configuration> {
  const issuer = new URL(config.issuer);
  // Only a provider on the same machine may be spoken to without TLS; the settings see to that.
  const loopback = issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
  return await oidc.discovery(
    issuer,
    config.clientId,
    undefined,
    oidc.ClientSecretBasic(config.clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      [oidc.customFetch]: readScopeList,
      // The signature of the id_token is checked too, although it comes over TLS from gov.br itself.
      execute: [...loopback, oidc.enableNonRepudiationChecks],
    },
  );
}

/** gov.br may write the `scope` of a token response as a list; RFC 6749 3.3 knows one text only. */
const readScopeList: oidc.CustomFetch = async (url, options) => {
  const response = await fetch(url, options as RequestInit);
  const { status, headers } = response;
  if (status !== 200 || !headers.get("content-type")?.startsWith("application/json")) {
    return response;
  }
  const answer: unknown = await response.json();
  const isList = typeof answer === "object" && answer && "scope" in answer &&
    Array.isArray(answer.scope);
  return Response.json(
    isList ? { ...answer, scope: (answer.scope as unknown[]).join(" ") } : answer,
  );
};

/** ASVS 6.5.5 */
const ATTEMPT_LIFE = 10 * 60_000;

/** Each asks something of gov.br. A whole company may share an address. */
const ANSWERS: Limit = { what: "govbr", attempts: 100, window: 15 * 60_000 };

const SCOPES = "openid email profile govbr_confiabilidades govbr_confiabilidades_idtoken";

/** Where gov.br sends people back to; registered there with the portal's client. */
export function callbackOf({ config }: Deps): URL {
  return new URL("/govbr/retorno", config.origin);
}

/** What has to come back, or go along, with the code of gov.br. */
export interface GovbrAttempt {
  /** 128 random bits as base64url; gov.br repeats it in the id_token. */
  nonce: string;
  /** PKCE (RFC 7636), 43 characters. */
  verifier: string;
}

/** What the state holds, under the portal's seal; gov.br sends it back as it was. */
interface State extends GovbrAttempt {
  sessionId: string;
  expiresAt: number;
}

const PURPOSE = "govbr attempts";
/** The state of this portal has about 300 characters. */
const LONGEST = 1_000;

/**
 * Begins an entry with gov.br. The state belongs to the session, so that only this browser can finish
 * it, and holds nonce and PKCE verifier encrypted. Nothing is stored.
 *
 * @returns where to send the browser, and the session it needs
 */
export async function beginGovbr(
  deps: Deps,
  { agent, session }: Pick<Client, "agent"> & { session: Session | null },
): Promise<Result<{ url: URL; session: Session }, AccountCode>> {
  const { govbr } = deps.config;
  if (!govbr) return refuse("govbr_off");
  const client = await reach(deps, govbr);
  if (!client) return refuse("govbr_unavailable");

  const anonymous = session ?? openVisit(deps, { agent });
  const [nonce, verifier] = [randomToken(), oidc.randomPKCECodeVerifier()];
  const state = sealValue(
    deps.config,
    PURPOSE,
    {
      ...{ nonce, verifier },
      sessionId: anonymous.id,
      expiresAt: deps.now() + ATTEMPT_LIFE,
    } satisfies State,
  );
  const challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const url = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callbackOf(deps).href,
    scope: SCOPES,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return accept({ url, session: anonymous });
}

async function reach(deps: Deps, config: GovbrConfig): Promise<oidc.Configuration | null> {
  try {
    return await getClient(deps, config);
  } catch (error) {
    log("warning", "govbr_unreachable", {}, error);
    return null;
  }
}

/** The state, when this portal has given it to this session, not too long ago. */
function readState(deps: Deps, session: Session | null, state: string): State | null {
  if (!session || state.length > LONGEST) return null;
  const sealed = openValue<State>(deps.config, PURPOSE, state);
  const own = sealed?.sessionId === session.id &&
    isRunning(sealed.expiresAt, deps.now(), ATTEMPT_LIFE);
  return own ? sealed : null;
}

/**
 * Counts, by network, an answer that gov.br will be asked about. One that this browser has not begun is
 * not counted: it is refused without asking.
 *
 * @param address network of the browser; null when it is not known whose it is: not counted
 */
export async function countGovbrAnswer(
  deps: Deps,
  session: Session | null,
  { state, address }: { state: string; address: string | null },
): Promise<Result<null, AccountCode>> {
  const known = readState(deps, session, state);
  return known ? await consumeAttempt(deps, ANSWERS, address) : accept(null);
}

/** The attempt of a state. Null when this session has none of that state, or has used it. */
export async function readGovbrAttempt(
  deps: Deps,
  session: Session | null,
  state: string,
): Promise<GovbrAttempt | null> {
  const known = readState(deps, session, state);
  return known && await read(deps.kv, keys.govbrSpent(known.nonce)) === null ? known : null;
}

/** Uses a state up in the commit of the entry; false when another was first. Costs it one check. */
export async function spendGovbrState(
  deps: Deps,
  tx: Transaction,
  session: Session,
  state: string,
): Promise<boolean> {
  const known = readState(deps, session, state);
  if (!known) return false;
  const spent = keys.govbrSpent(known.nonce);
  if (await tx.get(spent) !== null) return false;
  tx.set(spent, known.expiresAt, { expireIn: ATTEMPT_LIFE });
  return true;
}
