import type { ComputerRecord } from "../access/computers.ts";
import type { Membership } from "../access/membership.ts";
import type { Person } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import type { Portal } from "../portal.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { transact } from "../store/transact.ts";
import { keys } from "./keys.ts";
import { powerKeys, powersOf } from "./powers.ts";
import { type HandoffRecord, putHandoff } from "./record.ts";
import { type HandoffToken, verifyToken } from "./token.ts";

/**
 * Uses up a token in the name of the target system: its content the first time, while all that it
 * rests on still holds; null for a replay, a token that is not the portal's or has run out, and when
 * the person, the membership, the profile, the computer or the establishment has ended since. Of two
 * at once one is first. Whatever comes out, the token is worth nothing afterwards.
 */
export async function redeemHandoff(portal: Portal, token: string): Promise<HandoffToken | null> {
  const content = await verifyToken(portal, token);
  if (!content) return null;
  const { cpf, cnes, cnf, jti } = content;
  const establishment = await getEstablishment(portal, cnes);
  return await transact(portal.kv, async (tx) => {
    const [record, ...stored] = await tx.getMany<
      [HandoffRecord, Person, Membership, ComputerRecord]
    >([keys.handoff(jti), ...powerKeys({ cpf, cnes, thumbprint: cnf.jkt })]);
    if (!record) return null;
    const replayed = record.redeemedAt !== null;
    const holds = establishment?.active === true && powersOf(stored)?.profile === content.profile;
    if (!replayed) putHandoff(tx, jti, { ...record, redeemedAt: portal.now() });
    await appendAudit(portal, tx, {
      stream: cnes,
      event: replayed ? "handoff.replayed" : holds ? "handoff.redeemed" : "handoff.refused",
      actor: content.sub,
      subject: record.system,
      detail: { jti },
    });
    return holds && !replayed ? content : null;
  });
}
