import type { AccountCode } from "../account/messages.ts";
import { type ComputerProof, verifyComputerProof } from "../account/computer/proof.ts";
import { appendAudit } from "../audit/append.ts";
import type { Acr, System } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import { randomToken } from "../ids.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Profile } from "../store/records/access.ts";
import type { Account } from "../store/records/account.ts";
import type { HandoffSubject } from "../store/records/handoff.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { authenticationClaims, cpfClaims, informantOf } from "./claims.ts";
import {
  checkGate,
  type Destination,
  powerKeys,
  powersOf,
  putHandoff,
  reachesCpfMinimum,
} from "./gate.ts";
import type { HandoffCode } from "./messages.ts";
import type { Handoff } from "./proof.ts";
import { signToken } from "./token.ts";

/**
 * Hands a person off to another system: one token for 60 seconds, for one use, at one system, from
 * one computer. That computer signs a challenge for this very request.
 */
export async function issueHandoff(
  deps: Deps,
  session: Session<LoggedIn>,
  to: Destination,
  proof: ComputerProof,
): Promise<Result<Handoff, HandoffCode | AccountCode>> {
  const gate = await checkGate(deps, session, to);
  if (!gate.ok) return gate;
  const { system, person: looked, establishment, computer } = gate.data;
  const purpose = "handoff";
  const signer = await verifyComputerProof(deps, { ...proof, purpose, sessionId: session.id });
  if (!signer.ok) return signer;
  if (signer.data !== computer.thumbprint) return refuse("handoff_other_computer");

  const { account, acr } = session.state;
  const holder = { account, cnes: to.cnes, thumbprint: computer.thumbprint };
  const issuedAt = Math.floor(deps.now() / 1_000);
  const [recorded, informant] = await Promise.all([
    recordHandoff(deps, holder, system, acr),
    informantOf(deps, looked, establishment),
  ]);
  if (!recorded.ok) return recorded;
  const { person, profile, jti } = recorded.data;
  const token = await signToken(deps, system.id, issuedAt, {
    sub: person.id,
    jti,
    ...cpfClaims(deps, person, informant),
    name: person.name,
    cnes: to.cnes,
    profile,
    ...authenticationClaims(session.state),
    ...person.cns ? { cns: person.cns.number, cns_quality: person.cns.quality } : {},
    cnf: { jkt: computer.thumbprint },
  });
  return accept({ token, address: system.address, audience: system.id, issuedAt });
}

/** Writes the hand-off, where all that it rests on still holds. */
async function recordHandoff(
  deps: Deps,
  holder: HandoffSubject,
  system: System,
  acr: Acr,
): Promise<Result<{ person: Account; profile: Profile; jti: string }, HandoffCode>> {
  return await transact(deps.kv, async (tx) => {
    const powers = powersOf(await tx.getMany(powerKeys(holder)));
    if (!powers || !reachesCpfMinimum(deps, system, powers.person)) {
      return refuse("handoff_powers_changed");
    }
    const jti = randomToken();
    const { profile } = powers;
    const issuedAt = deps.now();
    putHandoff(tx, jti, { ...holder, system: system.id, profile, issuedAt, redeemedAt: null });
    await appendAudit(deps, tx, {
      stream: holder.cnes,
      event: "handoff.issued",
      actor: holder.account,
      subject: system.id,
      detail: { jti, profile, computer: holder.thumbprint, acr },
    });
    return accept({ ...powers, jti });
  });
}
