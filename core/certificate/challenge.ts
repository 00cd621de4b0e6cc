import { randomToken } from "../ids.ts";
import type { Portal } from "../portal.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact } from "../store/transact.ts";
import { keys } from "./keys.ts";
import type { CertificateCode } from "./messages.ts";

/** What a signature is good for, with the words the signer reads. */
const PURPOSES = {
  login: "entrar no portal com o certificado da empresa",
  register: "registrar o certificado da empresa no portal",
} as const;

export type ChallengePurpose = keyof typeof PURPOSES;

/** How long a person has to choose the file, type its password and sign. */
export const CHALLENGE_LIFETIME = 5 * 60_000;
/** A spent or expired challenge is kept a little longer, so that each gets its own message. */
const KEPT_AFTER_EXPIRY = 30 * 60_000;

interface ChallengeRecord {
  purpose: ChallengePurpose;
  origin: string;
  sessionId: string;
  issuedAt: number;
  expiresAt: number;
  spent: boolean;
}

export interface Challenge {
  /** The nonce: 128 random bits as base64url. */
  readonly id: string;
  /** What is to be signed, as UTF-8. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Makes a text to be signed with a company's key. It holds the nonce, the purpose and the origin, so
 * that a signature given here is worth nothing elsewhere, and belongs to one session.
 *
 * @example
 * const { id, text } = await createChallenge(portal, { purpose: "login", sessionId });
 */
export async function createChallenge(
  portal: Portal,
  { purpose, sessionId }: { purpose: ChallengePurpose; sessionId: string },
): Promise<Challenge> {
  const id = randomToken();
  const issuedAt = portal.now();
  const record: ChallengeRecord = {
    purpose,
    origin: portal.config.origin,
    sessionId,
    issuedAt,
    expiresAt: issuedAt + CHALLENGE_LIFETIME,
    spent: false,
  };
  await transact(portal.kv, (tx) => {
    tx.set(keys.challenge(id), record, { expireIn: CHALLENGE_LIFETIME + KEPT_AFTER_EXPIRY });
  });
  return { id, text: challengeText(id, record), expiresAt: record.expiresAt };
}

/**
 * Uses up a challenge and answers the text that must have been signed. The record is marked as spent
 * in the same commit that reads it and before anything is compared: whatever comes out, a second
 * attempt with the same challenge is a replay.
 */
export async function redeemChallenge(
  portal: Portal,
  { id, purpose, sessionId }: { id: string; purpose: ChallengePurpose; sessionId: string },
): Promise<Result<string, CertificateCode>> {
  if (!/^[\w-]{22}$/.test(id)) return refuse("challenge_unknown");
  const found = await transact(portal.kv, async (tx) => {
    const record = await tx.get<ChallengeRecord>(keys.challenge(id));
    if (record && !record.spent) {
      tx.set(keys.challenge(id), { ...record, spent: true }, { expireIn: KEPT_AFTER_EXPIRY });
    }
    return record;
  });
  if (!found) return refuse("challenge_unknown");
  if (found.spent) return refuse("challenge_replayed");
  if (portal.now() >= found.expiresAt) return refuse("challenge_expired");
  if (found.sessionId !== sessionId) return refuse("challenge_other_session");
  if (found.purpose !== purpose) return refuse("challenge_other_purpose");
  if (found.origin !== portal.config.origin) return refuse("challenge_other_origin");
  return accept(challengeText(id, found));
}

/** The lines that are signed: readable for the person, and the same for the same record. */
function challengeText(id: string, record: ChallengeRecord): string {
  return [
    "Habilita - pedido de assinatura",
    `Finalidade: ${PURPOSES[record.purpose]} (${record.purpose})`,
    `Endereço: ${record.origin}`,
    `Código: ${id}`,
    `Emitido em: ${new Date(record.issuedAt).toISOString()}`,
    `Válido até: ${new Date(record.expiresAt).toISOString()}`,
    "",
  ].join("\n");
}
