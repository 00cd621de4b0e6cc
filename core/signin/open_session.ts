import { authenticationBy, type SignInMethod } from "../account/authentication.ts";
import { createSession, deleteSession } from "../account/session.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import type { Account, GovbrLevel } from "../store/records/account.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import type { LoggedIn, SeenCertificate, Session, Standing } from "../store/records/session.ts";
import type { Transaction } from "../store/transact.ts";
import { isProvingLevel } from "../account/proof.ts";
import { NO_PROOF } from "../account/credentials.ts";

const EVENTS: Record<SignInMethod, string> = {
  password: "login.password",
  certificate: "login.certificate",
  govbr: "login.govbr",
  first_access: "person.completed",
  /** A first access with the company's certificate. */
  representative: "representative.bound",
  self_registration: "person.self_registered",
  ecpf: "login.ecpf",
  ecpf_code: "login.ecpf",
};

export interface SignIn {
  /** As the commit has found or made them. */
  person: Account;
  method: SignInMethod;
  /** The session that ends with it, or only the agent of a browser that came with none. */
  from: Session | Pick<Session, "agent">;
  /** The certificate that was shown: its operadora is chosen, and the audit record is in its stream. */
  certificate?: SeenCertificate | null;
  /** Without a certificate: CNPJ of the operadora that is chosen from the beginning. */
  operadora?: string | null;
  /** Level of the gov.br account that the person came with. */
  govbr?: GovbrLevel;
  /** What the session speaks for and opens, where the password does not say. */
  standing?: Standing;
  /** For the audit record, beside the certificate. */
  detail?: AuditRecord["detail"];
}

/**
 * Begins the session of a person who has proved who they are, inside the commit that has checked it:
 * the only function that does. It has a new id (ASVS 7.2.4), the session before ends, and the audit
 * log has a record. Costs the commit one check.
 *
 * @example
 * const session = await openSession(deps, tx, { person, method: "password", from: { agent } });
 */
export async function openSession(
  deps: Deps,
  tx: Transaction,
  { person, method, from, certificate = null, operadora = null, govbr, standing, detail }: SignIn,
): Promise<Session<LoggedIn>> {
  const company = certificate?.operadora ?? null;
  await appendAudit(deps, tx, {
    stream: company ?? "portal",
    event: EVENTS[method],
    actor: person.id,
    subject: company ?? person.id,
    detail: { ...certificate && { certificate: certificate.sha256 }, ...detail },
  });
  if ("id" in from) deleteSession(tx, from);
  const state: LoggedIn = {
    kind: "person",
    account: person.id,
    certificate,
    operadora: company ?? operadora,
    authenticatedAt: deps.now(),
    ...authenticationBy(deps, method, govbr),
    ...standing ?? standingOf(deps, person, govbr),
    ...govbr && { govbr: { level: govbr } },
    ...shownBefore(from, method),
  };
  return createSession(deps, tx, { state, agent: from.agent });
}

/** The invitation that was shown in the session before: whoever has an account accepts with it. */
function shownBefore(
  from: SignIn["from"],
  method: SignInMethod,
): Pick<LoggedIn, "invitation"> {
  const state = "state" in from ? from.state : null;
  if (state?.kind === "person") return state.invitation ? { invitation: state.invitation } : {};
  const { onboarding } = state ?? {};
  return onboarding?.flow === "invitation" && method !== "first_access"
    ? { invitation: onboarding.invitation }
    : {};
}

/** What the credential shown speaks for, and opens. */
function standingOf(
  deps: Deps,
  { password, proofNumber }: Account,
  govbr: GovbrLevel | undefined,
): Standing {
  if (govbr !== undefined) {
    return {
      confirmedUnder: isProvingLevel(deps, govbr) ? proofNumber : NO_PROOF,
      mailboxes: null,
    };
  }
  return {
    confirmedUnder: password?.confirmedUnder ?? NO_PROOF,
    mailboxes: password?.mailboxes ?? null,
  };
}
