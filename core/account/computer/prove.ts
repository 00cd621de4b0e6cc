import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { advanceSession, currentLogin } from "../session.ts";
import { type ComputerProof, type ComputerPurpose, verifyComputerProof } from "./proof.ts";

/**
 * Notes in the session which computer it is at. Says nothing about what that computer may do: it
 * has to be approved for an establishment, which is looked up where it matters. Logged when the
 * session comes to know the computer, not at each further proof.
 */
export async function proveComputer(
  deps: Deps,
  session: Session<LoggedIn>,
  proof: ComputerProof & { purpose: Exclude<ComputerPurpose, "handoff"> },
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const computer = await verifyComputerProof(deps, { ...proof, sessionId: session.id });
  if (!computer.ok) return computer;
  return await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    const person = await tx.get(keys.person(session.state.cpf));
    if (!current || !person?.active) return refuse("session_ended");
    if (current.state.computer === computer.data) return accept(current);
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "computer.recognised",
      actor: person.id,
      subject: person.id,
      detail: { computer: computer.data, purpose: proof.purpose },
    });
    return accept(
      advanceSession(deps, tx, current, { ...current.state, computer: computer.data }),
    );
  });
}

/** The browser has lost the key (its data were cleared), so the session is at no known computer. */
export async function forgetComputer(deps: Deps, session: Session<LoggedIn>): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    if (!current?.state.computer) return;
    const { computer: _, ...state } = current.state;
    advanceSession(deps, tx, current, state);
  });
}
