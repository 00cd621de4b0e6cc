import type { AccountCode } from "../account/messages.ts";
import { consumeAttempt, type Limit } from "../account/throttle.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { powerKeys, powersOf, putHandoff } from "./gate.ts";
import { type HandoffToken, verifyToken } from "./token.ts";

/** Only failures count: a target system redeems for all its people from one address. */
const FAILURES: Limit = { what: "handoff_redeem", attempts: 60, window: 60_000 };
/** No token of the portal comes near this (characters). */
const LONGEST = 4_096;

/**
 * Uses up a token in the name of the target system: its content the first time, while all that it
 * rests on still holds; null for a replay, a token that is not the portal's or has run out, and when
 * the person, the membership, the profile, the computer or the establishment has ended since. Of two
 * at once one is first. Whatever comes out, the token is worth nothing afterwards.
 *
 * @param address network address of the target system
 * @returns a refusal after too many failures from that address in a minute
 */
export async function redeemHandoff(
  deps: Deps,
  { token, address }: { token: string; address: string },
): Promise<Result<HandoffToken | null, AccountCode>> {
  const content = token.length <= LONGEST ? await verifyToken(deps, token) : null;
  const good = content && await useUp(deps, content);
  if (good) return accept(good);
  const counted = await consumeAttempt(deps, FAILURES, address);
  return counted.ok ? accept(null) : counted;
}

async function useUp(deps: Deps, content: HandoffToken): Promise<HandoffToken | null> {
  const { cpf, cnes, cnf, jti } = content;
  const establishment = await getEstablishment(deps, cnes);
  return await transact(deps.kv, async (tx) => {
    const [record, ...stored] = await tx.getMany([
      keys.handoff(jti),
      ...powerKeys({ cpf, cnes, thumbprint: cnf.jkt }),
    ]);
    if (!record) return null;
    const replayed = record.redeemedAt !== null;
    const holds = establishment?.active === true && powersOf(stored)?.profile === content.profile;
    if (!replayed) putHandoff(tx, jti, { ...record, redeemedAt: deps.now() });
    await appendAudit(deps, tx, {
      stream: cnes,
      event: replayed ? "handoff.replayed" : holds ? "handoff.redeemed" : "handoff.refused",
      actor: content.sub,
      subject: record.system,
      detail: { jti },
    });
    return holds && !replayed ? content : null;
  });
}
