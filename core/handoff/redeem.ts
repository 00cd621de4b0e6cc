import { consumeAttempt, type Limit } from "../account/throttle.ts";
import { appendAudit } from "../audit/append.ts";
import type { System } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { cpfHolds } from "./claims.ts";
import { authenticateClient, type ClientProblem } from "./client.ts";
import type { ClientCredentials } from "./client_credentials.ts";
import { powerKeys, powersOf, putHandoff } from "./gate.ts";
import { type HandoffToken, verifyToken } from "./token.ts";

const MINUTE = 60_000;
/** By address: what does not say which system it is. */
const REFUSED_CLIENTS: Limit = { what: "handoff_client", attempts: 60, window: MINUTE };
/** By system: only failures count, since it redeems for all its people. */
const FAILURES: Limit = { what: "handoff_redeem", attempts: 60, window: MINUTE };
/** No token of the portal comes near this (characters). */
const LONGEST = 4_096;

export type Redeemed =
  /** The token's content, once; null when it is worth nothing, or nothing any more. */
  | { outcome: "answered"; content: HandoffToken | null }
  /** Whoever asks is none of the target systems. */
  | { outcome: "unauthorized" }
  /** Too many failures within a minute. */
  | { outcome: "too_many_failures" };

/**
 * Uses up a token in the name of the target system that it is for, and that has shown its own
 * credential: its content the first time, while all that it rests on still holds; null for a replay, a
 * token that is not the portal's, is another system's or has run out, and when the person, what was
 * said of their CPF, the membership, the profile, the computer or the establishment has ended since.
 * Of two at once one is first. Asked by its own system the token is worth nothing afterwards, whatever
 * comes out; by anybody else, nothing becomes of it.
 *
 * @param address network address of whoever asks; what fails is counted, what is genuine never waits
 */
export async function redeemHandoff(
  deps: Deps,
  { token, credentials, address }: {
    token: string;
    credentials: ClientCredentials;
    address: string | null;
  },
): Promise<Redeemed> {
  const client = await authenticateClient(deps, credentials);
  if (!client.ok) {
    const counted = await consumeAttempt(deps, REFUSED_CLIENTS, address);
    if (!counted.ok) return { outcome: "too_many_failures" };
    await auditRefused(deps, client);
    return { outcome: "unauthorized" };
  }
  const { system } = client;
  const genuine = token.length <= LONGEST ? await verifyToken(deps, token) : null;
  const content = genuine && await useUp(deps, system, genuine);
  if (content) return { outcome: "answered", content };
  const counted = await consumeAttempt(deps, FAILURES, system.id);
  return counted.ok ? { outcome: "answered", content } : { outcome: "too_many_failures" };
}

async function auditRefused(
  deps: Deps,
  { problem, system }: { problem: ClientProblem; system: System | null },
): Promise<void> {
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: "portal",
      event: "handoff.client_refused",
      actor: "unknown",
      subject: system?.id ?? "unknown",
      detail: { problem },
    }));
}

async function useUp(
  deps: Deps,
  { id }: System,
  content: HandoffToken,
): Promise<HandoffToken | null> {
  const { sub: account, cnes, cnf, jti } = content;
  const establishment = await getEstablishment(deps, cnes);
  return await transact(deps.kv, async (tx) => {
    const [record, ...stored] = await tx.getMany([
      keys.handoff(jti),
      ...powerKeys({ account, cnes, thumbprint: cnf.jkt }),
    ]);
    if (!record) return null;
    const own = content.aud === id && record.system === id;
    const replayed = record.redeemedAt !== null;
    const powers = powersOf(stored);
    const holds = establishment?.active === true && powers?.profile === content.profile &&
      cpfHolds(deps, powers.person, content);
    if (own && !replayed) putHandoff(tx, jti, { ...record, redeemedAt: deps.now() });
    await appendAudit(deps, tx, {
      stream: cnes,
      event: eventOf({ own, replayed, holds }),
      actor: account,
      subject: id,
      detail: { jti },
    });
    return own && holds && !replayed ? content : null;
  });
}

function eventOf({ own, replayed, holds }: Record<"own" | "replayed" | "holds", boolean>): string {
  if (!own) return "handoff.other_system";
  if (replayed) return "handoff.replayed";
  return holds ? "handoff.redeemed" : "handoff.refused";
}
