import { isRunning } from "./clock.ts";
import { keys } from "./store/keys.ts";
import { randomToken } from "./ids.ts";
import type { Deps } from "./deps.ts";
import { accept, refuse, type Result } from "./result.ts";
import { openValue, sealValue } from "./seal.ts";
import { transact } from "./store/transact.ts";

/** How long a challenge waits for its signature. */
export const CHALLENGE_LIFETIME = 5 * 60_000;
/** A spent challenge is remembered a little longer than it is good, for clocks that are set back. */
const KEPT_AFTER_EXPIRY = 30 * 60_000;

export interface Challenge {
  /** What comes back with the signature: the challenge under the portal's seal, about 400 characters. */
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

/** What is under the seal. */
interface Sealed {
  /** 128 random bits as base64url. */
  nonce: string;
  purpose: string;
  words: string;
  origin: string;
  sessionId: string;
  issuedAt: number;
}

const PURPOSE = "challenges";
/** No id is longer, however long a purpose. */
const LONGEST = 2_000;

/**
 * Makes a text to be signed. It holds the nonce, the purpose and the origin, so that a signature
 * given here is worth nothing elsewhere, and belongs to one session. Nothing is stored: what is
 * remembered is which challenges were used, not which are open (decision 35).
 *
 * @param purpose one name in the whole portal, of one use of one kind of key
 * @param words the purpose for the person who signs
 */
export function issueChallenge(
  deps: Deps,
  { purpose, words, sessionId }: { purpose: string; words: string; sessionId: string },
): Challenge {
  const sealed: Sealed = {
    nonce: randomToken(),
    purpose,
    words,
    origin: deps.config.origin,
    sessionId,
    issuedAt: deps.now(),
  };
  return {
    id: sealValue(deps.config, PURPOSE, sealed),
    text: textOf(sealed),
    expiresAt: endOf(sealed),
  };
}

function endOf({ issuedAt }: Sealed): number {
  return issuedAt + CHALLENGE_LIFETIME;
}

/** Readable for the person. */
function textOf(sealed: Sealed): string {
  return [
    "Habilita - pedido de assinatura",
    `Finalidade: ${sealed.words} (${sealed.purpose})`,
    `Endereço: ${sealed.origin}`,
    `Código: ${sealed.nonce}`,
    `Emitido em: ${new Date(sealed.issuedAt).toISOString()}`,
    `Válido até: ${new Date(endOf(sealed)).toISOString()}`,
    "",
  ].join("\n");
}

/**
 * Uses up a challenge and answers the text that must have been signed. It is noted as spent before
 * the signature is looked at: whatever comes out of that, a second attempt is a replay. One that is not
 * of this portal, session and purpose, or is too old, leaves no note.
 */
export async function redeemChallenge(
  deps: Deps,
  { id, purpose, sessionId }: { id: string; purpose: string; sessionId: string },
): Promise<Result<string, ChallengeFault>> {
  const sealed = id.length > LONGEST ? null : openValue<Sealed>(deps.config, PURPOSE, id);
  if (!sealed) return refuse("unknown");
  if (!isRunning(endOf(sealed), deps.now(), CHALLENGE_LIFETIME)) return refuse("expired");
  if (sealed.sessionId !== sessionId) return refuse("other_session");
  if (sealed.purpose !== purpose) return refuse("other_purpose");
  if (sealed.origin !== deps.config.origin) return refuse("other_origin");
  return await transact(deps.kv, async (tx) => {
    const spent = keys.challengeSpent(sealed.nonce);
    if (await tx.get(spent)) return refuse<ChallengeFault>("replayed");
    const expireIn = endOf(sealed) - deps.now() + KEPT_AFTER_EXPIRY;
    tx.set(spent, endOf(sealed), { expireIn });
    return accept(textOf(sealed));
  });
}
