import * as oidc from "openid-client";
import type { Deps } from "../../deps.ts";
import { refuse, type Result } from "../../result.ts";
import type { Session } from "../../store/records/session.ts";
import { callbackOf, takeGovbrAttempt } from "./attempt.ts";
import { getClient } from "./client.ts";
import { type GovbrIdentity, isIncomplete, readIdentity } from "./identity.ts";
import type { GovbrCode } from "./messages.ts";

/**
 * Whom gov.br sent back: the attempt is used up, the code is changed for tokens, and the id_token is
 * checked (issuer, audience, nonce, life, signature).
 *
 * @param query of the address that the browser was sent back to
 */
export async function readAnswer(
  deps: Deps,
  session: Session | null,
  query: URLSearchParams,
): Promise<Result<GovbrIdentity, GovbrCode>> {
  const { govbr } = deps.config;
  if (!govbr) return refuse("govbr_off");
  const state = query.get("state") ?? "";
  const attempt = await takeGovbrAttempt(deps, session, state);
  if (!attempt) return refuse("govbr_attempt_unknown");
  // Behind a proxy the request's own address is another than the one registered at gov.br.
  const answer = callbackOf(deps);
  answer.search = query.toString();
  try {
    const client = await getClient(deps, govbr);
    const tokens = await oidc.authorizationCodeGrant(client, answer, {
      expectedState: state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const userinfo = isIncomplete(claims)
      ? await oidc.fetchUserInfo(client, tokens.access_token, claims.sub)
      : {};
    return readIdentity(claims, userinfo);
  } catch (error) {
    const code = codeOf(error);
    // What is wrong with it is for whoever runs the portal; the message holds no token.
    if (code !== "govbr_denied") console.error("gov.br:", describe(error));
    return refuse(code);
  }
}

/** Errors of the provider (RFC 6749 4.1.2.1), of the network, and answers that cannot be right. */
function codeOf(error: unknown): GovbrCode {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === "access_denied") return "govbr_denied";
    const busy = ["server_error", "temporarily_unavailable"].includes(error.error);
    return busy ? "govbr_unavailable" : "govbr_answer_invalid";
  }
  if (error instanceof oidc.ResponseBodyError) {
    return error.status >= 500 ? "govbr_unavailable" : "govbr_answer_invalid";
  }
  if (error instanceof oidc.ClientError) {
    return UNREACHED.includes(error.code ?? "") ? "govbr_unavailable" : "govbr_answer_invalid";
  }
  // `fetch` throws this one when there is nobody at the other end.
  if (error instanceof TypeError) return "govbr_unavailable";
  throw error;
}

const UNREACHED = ["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_RESPONSE_IS_NOT_CONFORM"];

function describe(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  return [name, code, message].filter(Boolean).join(" ");
}
