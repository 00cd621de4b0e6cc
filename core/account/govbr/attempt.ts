import * as oidc from "openid-client";
import type { GovbrConfig } from "../../config/mod.ts";
import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { GovbrAttempt, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import type { Caller } from "../login.ts";
import type { AccountCode } from "../messages.ts";
import { openVisit } from "../session.ts";
import { type Limit, takeAttempt } from "../throttle.ts";
import { getClient } from "./client.ts";

/** ASVS 6.5.5 */
const ATTEMPT_LIFE = 10 * 60_000;

/** Each begins a session and asks something of gov.br. A whole company may share an address. */
const BEGINNINGS: Limit = { what: "govbr", attempts: 100, window: 15 * 60_000 };

const SCOPES = "openid email profile govbr_confiabilidades govbr_confiabilidades_idtoken";

/** Where gov.br sends people back to; registered there with the portal's client. */
export function callbackOf({ config }: Portal): URL {
  return new URL("/govbr/retorno", config.origin);
}

/**
 * Begins an entry with gov.br: state, nonce and PKCE verifier are made and kept with the visiting
 * session, so that only this browser can finish it, and only once.
 *
 * @returns where to send the browser, and the session it needs
 */
export async function beginGovbr(
  portal: Portal,
  { address, agent, session }: Caller & { session: Session | null },
): Promise<Result<{ url: URL; session: Session }, AccountCode>> {
  const { govbr } = portal.config;
  if (!govbr) return refuse("govbr_off");
  const throttled = await takeAttempt(portal, BEGINNINGS, address);
  if (!throttled.ok) return throttled;
  const client = await reach(portal, govbr);
  if (!client) return refuse("govbr_unavailable");

  const [state, nonce, verifier] = [
    oidc.randomState(),
    oidc.randomNonce(),
    oidc.randomPKCECodeVerifier(),
  ];
  const challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const visit = session ?? await openVisit(portal, { agent });
  const attempt: GovbrAttempt = { nonce, verifier, expiresAt: portal.now() + ATTEMPT_LIFE };
  await transact(portal.kv, (tx) => {
    tx.set(keys.govbrAttempt(visit.id, state), attempt, { expireIn: ATTEMPT_LIFE });
  });
  const url = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callbackOf(portal).href,
    scope: SCOPES,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return accept({ url, session: visit });
}

async function reach(portal: Portal, config: GovbrConfig): Promise<oidc.Configuration | null> {
  try {
    return await getClient(portal, config);
  } catch (error) {
    console.error("gov.br:", error);
    return null;
  }
}

/** Takes an attempt away, whatever becomes of it. Null when this session has none of that state. */
export async function takeGovbrAttempt(
  portal: Portal,
  session: Session | null,
  state: string,
): Promise<GovbrAttempt | null> {
  if (!session) return null;
  return await transact(portal.kv, async (tx) => {
    const key = keys.govbrAttempt(session.id, state);
    const attempt = await tx.get(key);
    if (!attempt) return null;
    tx.delete(key);
    return attempt.expiresAt > portal.now() ? attempt : null;
  });
}
