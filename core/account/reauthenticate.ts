import type { Portal } from "../portal.ts";
import { accept, refuse, type Result } from "../result.ts";
import { auditFailure, forgiveLoginAttempts, takeLoginAttempt } from "./login_attempts.ts";
import type { AccountCode } from "./messages.ts";
import { verifyPassword } from "./password.ts";
import { getPerson, type Person } from "./person.ts";

/**
 * Asks the password again before a sensitive change (ASVS 7.5.1): an open session alone, on an
 * unguarded computer, does not suffice. Counted like a login.
 *
 * @returns the person whose password it is; the change has to see to it that it stayed the same
 */
export async function reauthenticate(
  portal: Portal,
  cpf: string,
  { password, address }: { password: string; address: string },
): Promise<Result<Person, AccountCode>> {
  const throttled = await takeLoginAttempt(portal, cpf, address);
  if (!throttled.ok) return throttled;
  const person = await getPerson(portal, cpf);
  if (!await verifyPassword(person?.passwordHash ?? null, password) || !person?.active) {
    await auditFailure(portal, cpf, person);
    return refuse("password_refused");
  }
  await forgiveLoginAttempts(portal, cpf, address);
  return accept(person);
}
