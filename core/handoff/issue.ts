import type { AccountCode } from "../account/messages.ts";
import { type ComputerProof, verifyComputerProof } from "../account/computer/proof.ts";
import { identification } from "../account/identification.ts";
import { appendAudit } from "../audit/append.ts";
import { randomToken } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { checkGate, type Destination, powerKeys, powersOf, putHandoff } from "./gate.ts";
import type { HandoffCode } from "./messages.ts";
import type { Handoff } from "./proof.ts";
import { type HandoffClaims, signToken } from "./token.ts";

/**
 * Hands a person off to another system: one token for 60 seconds, for one use, at one audience, from
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
  const { system, computer } = gate.data;
  const purpose = "handoff";
  const signer = await verifyComputerProof(deps, { ...proof, purpose, sessionId: session.id });
  if (!signer.ok) return signer;
  if (signer.data !== computer.thumbprint) return refuse("handoff_other_computer");

  const holder = { cpf: session.state.cpf, cnes: to.cnes, thumbprint: computer.thumbprint };
  const audience = new URL(system.address).origin;
  const now = deps.now();
  const claims = await transact(deps.kv, async (tx) => {
    const powers = powersOf(await tx.getMany(powerKeys(holder)));
    if (!powers) return refuse<HandoffCode>("handoff_powers_changed");
    const { person, profile } = powers;
    const jti = randomToken();
    const record = { ...holder, system: system.id, profile, issuedAt: now, redeemedAt: null };
    putHandoff(tx, jti, record);
    await appendAudit(deps, tx, {
      stream: to.cnes,
      event: "handoff.issued",
      actor: person.id,
      subject: system.id,
      detail: { jti, profile, computer: computer.thumbprint, audience },
    });
    return accept<HandoffClaims>({
      sub: person.id,
      jti,
      cpf: person.cpf,
      name: person.name,
      cnes: to.cnes,
      profile,
      identified_by: identification(person).kind,
      ...person.cns ? { cns: person.cns.number, cns_quality: person.cns.quality } : {},
      cnf: { jkt: computer.thumbprint },
    });
  });
  if (!claims.ok) return claims;
  const issuedAt = Math.floor(now / 1_000);
  const token = await signToken(deps, audience, issuedAt, claims.data);
  return accept({ token, address: system.address, audience, issuedAt });
}
