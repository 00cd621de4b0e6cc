import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { maskCpf } from "../registry/numbers.ts";
import type { Result } from "../result.ts";
import type { Person } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { consumeAttempt, type Limit, refundAttempt, resetAttempts } from "./throttle.ts";

const QUARTER = 15 * 60_000;
const PER_PERSON: Limit = { what: "login", attempts: 8, window: QUARTER };
const PER_ADDRESS: Limit = { what: "login_address", attempts: 100, window: QUARTER };

/** Counts an attempt at this person's password from this address, before it is made. */
export async function consumeLoginAttempt(
  deps: Deps,
  cpf: string,
  address: string,
): Promise<Result<null, AccountCode>> {
  const byAddress = await consumeAttempt(deps, PER_ADDRESS, address);
  return byAddress.ok ? await consumeAttempt(deps, PER_PERSON, `${cpf} ${address}`) : byAddress;
}

/** After a success. */
export async function refundLoginAttempts(
  deps: Deps,
  cpf: string,
  address: string,
): Promise<void> {
  await Promise.all([
    resetAttempts(deps, PER_PERSON, `${cpf} ${address}`),
    refundAttempt(deps, PER_ADDRESS, address),
  ]);
}

/** A refused password leaves a trace; of somebody unknown only the masked number. */
export async function auditFailure(
  deps: Deps,
  cpf: string,
  person: Person | null,
): Promise<void> {
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: "portal",
      event: "login.refused",
      actor: person?.id ?? "unknown",
      subject: maskCpf(cpf),
    }));
}
