import { log } from "../../log/mod.ts";
import { isRunning } from "../../clock.ts";
import * as oidc from "openid-client";
import type { GovbrConfig } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { GovbrAttempt, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import type { Client } from "../password.ts";
import type { AccountCode } from "../../account/messages.ts";
import { openAnonymousSession } from "../../account/session.ts";
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

/** Each begins a session and asks something of gov.br. A whole company may share an address. */
const BEGINNINGS: Limit = { what: "govbr", attempts: 100, window: 15 * 60_000 };

const SCOPES = "openid email profile govbr_confiabilidades govbr_confiabilidades_idtoken";

/** Where gov.br sends people back to; registered there with the portal's client. */
export function callbackOf({ config }: Deps): URL {
  return new URL("/govbr/retorno", config.origin);
}

/**
 * Begins an entry with gov.br: state, nonce and PKCE verifier are made and kept with the visiting
 * session, so that only this browser can finish it, and only once.
 *
 * @returns where to send the browser, and the session it needs
 */
export async function beginGovbr(
  deps: Deps,
  { address, agent, session }: Client & { session: Session | null },
): Promise<Result<{ url: URL; session: Session }, AccountCode>> {
  const { govbr } = deps.config;
  if (!govbr) return refuse("govbr_off");
  if (address !== null) {
    const throttled = await consumeAttempt(deps, BEGINNINGS, address);
    if (!throttled.ok) return throttled;
  }
  const client = await reach(deps, govbr);
  if (!client) return refuse("govbr_unavailable");

  const [state, nonce, verifier] = [
    oidc.randomState(),
    oidc.randomNonce(),
    oidc.randomPKCECodeVerifier(),
  ];
  const challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const anonymous = session ?? await openAnonymousSession(deps, { agent });
  const attempt: GovbrAttempt = { nonce, verifier, expiresAt: deps.now() + ATTEMPT_LIFE };
  await transact(deps.kv, (tx) => {
    tx.set(keys.govbrAttempt(anonymous.id, state), attempt, { expireIn: ATTEMPT_LIFE });
  });
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

/** Takes an attempt away, whatever becomes of it. Null when this session has none of that state. */
export async function takeGovbrAttempt(
  deps: Deps,
  session: Session | null,
  state: string,
): Promise<GovbrAttempt | null> {
  if (!session) return null;
  return await transact(deps.kv, async (tx) => {
    const key = keys.govbrAttempt(session.id, state);
    const attempt = await tx.get(key);
    if (!attempt) return null;
    tx.delete(key);
    return isRunning(attempt.expiresAt, deps.now(), ATTEMPT_LIFE) ? attempt : null;
  });
}
