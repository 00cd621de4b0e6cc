import { appendAudit } from "../audit/append.ts";
import type { Portal } from "../portal.ts";
import { maskCpf } from "../registry/numbers.ts";
import type { Result } from "../result.ts";
import type { Person } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { clearAttempts, type Limit, returnAttempt, takeAttempt } from "./throttle.ts";

const QUARTER = 15 * 60_000;
const PER_PERSON: Limit = { what: "login", attempts: 8, window: QUARTER };
const PER_ADDRESS: Limit = { what: "login_address", attempts: 100, window: QUARTER };

/** Counts an attempt at this person's password from this address, before it is made. */
export async function takeLoginAttempt(
  portal: Portal,
  cpf: string,
  address: string,
): Promise<Result<null, AccountCode>> {
  const byAddress = await takeAttempt(portal, PER_ADDRESS, address);
  return byAddress.ok ? await takeAttempt(portal, PER_PERSON, `${cpf} ${address}`) : byAddress;
}

/** After a success. */
export async function forgiveLoginAttempts(
  portal: Portal,
  cpf: string,
  address: string,
): Promise<void> {
  await Promise.all([
    clearAttempts(portal, PER_PERSON, `${cpf} ${address}`),
    returnAttempt(portal, PER_ADDRESS, address),
  ]);
}

/** A refused password leaves a trace; of somebody unknown only the masked number. */
export async function auditFailure(
  portal: Portal,
  cpf: string,
  person: Person | null,
): Promise<void> {
  await transact(portal.kv, (tx) =>
    appendAudit(portal, tx, {
      stream: "portal",
      event: "login.refused",
      actor: person?.id ?? "unknown",
      subject: maskCpf(cpf),
    }));
}
