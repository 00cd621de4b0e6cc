import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type {
  SelfRegistration,
  SelfRegistrationStep,
  Session,
  Visit,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { currentVisit, isVisit } from "../session.ts";

/** For each step: as long as a visit may be left alone. */
export const STEP_LIFE = 30 * 60_000;

type Found = Result<{ visit: Visit; registration: SelfRegistration }, AccountCode>;

/**
 * The self-registration of a browser.
 * @param step the step that is asked for; another one is out of order
 */
export async function selfRegistrationOf(
  portal: Portal,
  session: Session | null,
  step?: SelfRegistrationStep,
): Promise<Found> {
  if (!session || !isVisit(session)) return refuse("self_registration_missing");
  const key = keys.selfRegistration(session.id);
  const stored = await read(portal.kv, key);
  return check(portal, session, stored, step);
}

/** Reads it again in the commit, so that no form counts twice and no step is skipped. */
export async function selfRegistrationInCommit(
  portal: Portal,
  tx: Transaction,
  session: Session,
  step: SelfRegistrationStep,
): Promise<Found> {
  const visit = await currentVisit(portal, tx, session);
  if (!visit) return refuse("session_ended");
  const stored = await tx.get(keys.selfRegistration(session.id));
  return check(portal, visit, stored, step);
}

function check(
  portal: Portal,
  visit: Visit,
  registration: SelfRegistration | null,
  step?: SelfRegistrationStep,
): Found {
  if (!registration || registration.expiresAt <= portal.now()) {
    return refuse("self_registration_missing");
  }
  if (step && registration.step !== step) return refuse("step_out_of_order");
  return accept({ visit, registration });
}

export function putSelfRegistration(
  portal: Portal,
  tx: Transaction,
  visit: Visit,
  registration: Omit<SelfRegistration, "expiresAt">,
): void {
  const record: SelfRegistration = { ...registration, expiresAt: portal.now() + STEP_LIFE };
  tx.set(keys.selfRegistration(visit.id), record, { expireIn: STEP_LIFE });
}

/** Makes one step: `next` says what the record is afterwards, or refuses. */
export async function advanceSelfRegistration(
  portal: Portal,
  session: Session | null,
  step: SelfRegistrationStep,
  next: (
    current: SelfRegistration,
    tx: Transaction,
  ) => Promise<Result<SelfRegistration, AccountCode>> | Result<SelfRegistration, AccountCode>,
): Promise<Result<null, AccountCode>> {
  if (!session) return refuse("self_registration_missing");
  return await transact(portal.kv, async (tx) => {
    const found = await selfRegistrationInCommit(portal, tx, session, step);
    if (!found.ok) return found;
    const { visit, registration } = found.data;
    const outcome = await next(registration, tx);
    if (!outcome.ok) return outcome;
    putSelfRegistration(portal, tx, visit, outcome.data);
    return accept(null);
  });
}
