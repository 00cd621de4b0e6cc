import { type Challenge, issueChallenge, redeemChallenge } from "../challenge.ts";
import type { Deps } from "../deps.ts";
import { refuse, type Result } from "../result.ts";
import type { CertificateCode } from "./messages.ts";

/** What the signature of a company's key is good for, with the words the signer reads. */
const PURPOSES = {
  login: "entrar no portal com o certificado da empresa",
  register: "registrar o certificado da empresa no portal",
} as const;

export type ChallengePurpose = keyof typeof PURPOSES;

/**
 * Makes a text to be signed with a company's key.
 *
 * @example
 * const { id, text } = await createChallenge(deps, { purpose: "login", sessionId });
 */
export function createChallenge(
  deps: Deps,
  { purpose, sessionId }: { purpose: ChallengePurpose; sessionId: string },
): Promise<Challenge> {
  return issueChallenge(deps, { purpose, words: PURPOSES[purpose], sessionId });
}

/** Uses up a challenge and answers the text that must have been signed. */
export async function redeemCertificateChallenge(
  deps: Deps,
  challenge: { id: string; purpose: ChallengePurpose; sessionId: string },
): Promise<Result<string, CertificateCode>> {
  const text = await redeemChallenge(deps, challenge);
  return text.ok ? text : refuse(`challenge_${text.code}`);
}
