import { isRunning } from "./clock.ts";
import { keys } from "./store/keys.ts";
import { randomToken } from "./ids.ts";
import type { Deps } from "./deps.ts";
import { accept, refuse, type Result } from "./result.ts";
import type { ChallengeRecord } from "./store/records/account.ts";
import { transact } from "./store/transact.ts";

/** How long a challenge waits for its signature. */
export const CHALLENGE_LIFETIME = 5 * 60_000;
/** A spent or expired challenge is kept a little longer, so that each gets its own message. */
const KEPT_AFTER_EXPIRY = 30 * 60_000;

export interface Challenge {
  /** The nonce: 128 random bits as base64url. */
  readonly id: string;
  /** What is to be signed, as UTF-8. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Why a challenge is worth nothing. Each module that uses challenges has its own words for these. */
export type ChallengeFault =
  | "unknown"
  | "replayed"
  | "expired"
  | "other_session"
  | "other_purpose"
  | "other_origin";

/**
 * Makes a text to be signed. It holds the nonce, the purpose and the origin, so that a signature
 * given here is worth nothing elsewhere, and belongs to one session.
 *
 * @param purpose one name in the whole portal, of one use of one kind of key
 * @param words the purpose for the person who signs
 */
export async function issueChallenge(
  deps: Deps,
  { purpose, words, sessionId }: { purpose: string; words: string; sessionId: string },
): Promise<Challenge> {
  const id = randomToken();
  const issuedAt = deps.now();
  const expiresAt = issuedAt + CHALLENGE_LIFETIME;
  const { origin } = deps.config;
  // Readable for the person.
  const text = [
    "Habilita - pedido de assinatura",
    `Finalidade: ${words} (${purpose})`,
    `Endereço: ${origin}`,
    `Código: ${id}`,
    `Emitido em: ${new Date(issuedAt).toISOString()}`,
    `Válido até: ${new Date(expiresAt).toISOString()}`,
    "",
  ].join("\n");
  const record: ChallengeRecord = { purpose, origin, sessionId, text, expiresAt, spent: false };
  await transact(deps.kv, (tx) => {
    tx.set(keys.challenge(id), record, { expireIn: CHALLENGE_LIFETIME + KEPT_AFTER_EXPIRY });
  });
  return { id, text, expiresAt };
}

/**
 * Uses up a challenge and answers the text that must have been signed. The record is marked as spent
 * in the same commit that reads it and before anything is compared: whatever comes out, a second
 * attempt with the same challenge is a replay.
 */
export async function redeemChallenge(
  deps: Deps,
  { id, purpose, sessionId }: { id: string; purpose: string; sessionId: string },
): Promise<Result<string, ChallengeFault>> {
  if (!/^[\w-]{22}$/.test(id)) return refuse("unknown");
  const found = await transact(deps.kv, async (tx) => {
    const record = await tx.get(keys.challenge(id));
    if (record && !record.spent) {
      tx.set(keys.challenge(id), { ...record, spent: true }, { expireIn: KEPT_AFTER_EXPIRY });
    }
    return record;
  });
  if (!found) return refuse("unknown");
  if (found.spent) return refuse("replayed");
  if (!isRunning(found.expiresAt, deps.now(), CHALLENGE_LIFETIME)) return refuse("expired");
  if (found.sessionId !== sessionId) return refuse("other_session");
  if (found.purpose !== purpose) return refuse("other_purpose");
  if (found.origin !== deps.config.origin) return refuse("other_origin");
  return accept(found.text);
}
