import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type {
  AnonymousSession,
  SelfRegistration,
  SelfRegistrationStep,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccountCode } from "../../account/messages.ts";
import { currentAnonymous, isAnonymous } from "../../account/session.ts";

/** For each step: as long as a visit may be left alone. */
export const STEP_LIFE = 30 * 60_000;

type Found = Result<{ anonymous: AnonymousSession; registration: SelfRegistration }, AccountCode>;

/**
 * The self-registration of a browser.
 * @param step the step that is asked for; another one is out of order
 */
export async function selfRegistrationOf(
  deps: Deps,
  session: Session | null,
  step?: SelfRegistrationStep,
): Promise<Found> {
  if (!session || !isAnonymous(session)) return refuse("self_registration_missing");
  const key = keys.selfRegistration(session.id);
  const stored = await read(deps.kv, key);
  return check(deps, session, stored, step);
}

/** Reads it again in the commit, so that no form counts twice and no step is skipped. */
export async function selfRegistrationInCommit(
  deps: Deps,
  tx: Transaction,
  session: Session,
  step: SelfRegistrationStep,
): Promise<Found> {
  const anonymous = await currentAnonymous(deps, tx, session);
  if (!anonymous) return refuse("session_ended");
  const stored = await tx.get(keys.selfRegistration(session.id));
  return check(deps, anonymous, stored, step);
}

function check(
  deps: Deps,
  anonymous: AnonymousSession,
  registration: SelfRegistration | null,
  step?: SelfRegistrationStep,
): Found {
  if (!registration || registration.expiresAt <= deps.now()) {
    return refuse("self_registration_missing");
  }
  if (step && registration.step !== step) return refuse("step_out_of_order");
  return accept({ anonymous, registration });
}

export function putSelfRegistration(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  registration: Omit<SelfRegistration, "expiresAt">,
): void {
  const record: SelfRegistration = { ...registration, expiresAt: deps.now() + STEP_LIFE };
  tx.set(keys.selfRegistration(anonymous.id), record, { expireIn: STEP_LIFE });
}

/** Makes one step: `next` says what the record is afterwards, or refuses. */
export async function advanceSelfRegistration(
  deps: Deps,
  session: Session | null,
  step: SelfRegistrationStep,
  next: (
    current: SelfRegistration,
    tx: Transaction,
  ) => Promise<Result<SelfRegistration, AccountCode>> | Result<SelfRegistration, AccountCode>,
): Promise<Result<null, AccountCode>> {
  if (!session) return refuse("self_registration_missing");
  return await transact(deps.kv, async (tx) => {
    const found = await selfRegistrationInCommit(deps, tx, session, step);
    if (!found.ok) return found;
    const { anonymous, registration } = found.data;
    const outcome = await next(registration, tx);
    if (!outcome.ok) return outcome;
    putSelfRegistration(deps, tx, anonymous, outcome.data);
    return accept(null);
  });
}
