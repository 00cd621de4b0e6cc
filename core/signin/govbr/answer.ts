import { log } from "../../log/mod.ts";
import * as oidc from "openid-client";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { Session } from "../../store/records/session.ts";
import { callbackOf, getClient, readGovbrAttempt } from "./attempt.ts";
import type { AccountCode } from "../../account/messages.ts";
import { parseCpf } from "../../registry/numbers.ts";
import type { GovbrLevel } from "../../store/records/account.ts";
import { parseEmail } from "../../account/account.ts";
import { parseLevel } from "../../config/choices.ts";

/**
 * Whom gov.br sent back: the attempt is this browser's, the code is changed for tokens, and the id_token is
 * checked (issuer, audience, nonce, life, signature).
 *
 * @param query of the address that the browser was sent back to
 */
export async function readAnswer(
  deps: Deps,
  session: Session | null,
  query: URLSearchParams,
): Promise<Result<GovbrIdentity, AccountCode>> {
  const { govbr } = deps.config;
  if (!govbr) return refuse("govbr_off");
  const state = query.get("state") ?? "";
  const attempt = await readGovbrAttempt(deps, session, state);
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
    // What is wrong with it is for the portal's operator; the message holds no token.
    if (code !== "govbr_denied") log("warning", "govbr_answer_refused", { code }, error);
    return refuse(code);
  }
}

/** Errors of the provider (RFC 6749 4.1.2.1), of the network, and answers that cannot be right. */
function codeOf(error: unknown): AccountCode {
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

/** What the portal takes from gov.br about a person. */
export interface GovbrIdentity {
  /** 11 digits. The only thing that says who it is; name and e-mail never do. */
  cpf: string;
  name: string;
  /** Only one that gov.br has verified; else null. */
  email: string | null;
  level: GovbrLevel;
}

type Claims = Partial<oidc.IDToken & oidc.UserInfoResponse>;

/** Is something missing that userinfo might have? */
export function isIncomplete({ name, email }: Claims): boolean {
  return !name || !email;
}

/**
 * Reads the claims of a verified id_token, completed with those of userinfo. `sub` is the CPF, in one
 * example of gov.br's guide with a dash; the level counts only from the signed id_token.
 */
export function readIdentity(
  idToken: Claims,
  userinfo: Claims,
): Result<GovbrIdentity, AccountCode> {
  const cpf = parseCpf(idToken.sub ?? "");
  const name = readName(idToken.name ?? userinfo.name);
  if (!cpf || !name) return refuse("govbr_answer_invalid");
  const { reliability_info: reliability } = idToken as { reliability_info?: { level?: unknown } };
  const level = parseLevel(reliability?.level);
  if (!level) return refuse("govbr_level_unknown");
  const email = verifiedEmail(idToken) ?? verifiedEmail(userinfo);
  return accept({ cpf, name, email, level });
}

/** `email_verified` is the text "true" in the id_token and a boolean in userinfo. */
function verifiedEmail({ email, email_verified: verified }: Claims): string | null {
  const isVerified = verified === true || (verified as unknown) === "true";
  return isVerified && typeof email === "string" ? parseEmail(email) : null;
}

/** Taken as the Receita Federal has it, which need not be two words. */
function readName(name: unknown): string | null {
  if (typeof name !== "string") return null;
  return name.normalize("NFC").replace(/\s+/g, " ").trim().slice(0, 120) || null;
}
