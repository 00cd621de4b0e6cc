import { reachableEmail } from "../notify/notify.ts";
import { appendAudit } from "../audit/append.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { oneLine } from "../one_line.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Membership, Profile } from "../store/records/access.ts";
import { transact } from "../store/transact.ts";
import { profileChangedMail } from "./member_mails.ts";
import {
  isActiveMembership,
  isAdministrator,
  ORDINARY_PROFILES,
  rememberChange,
  setMembership,
} from "./membership.ts";
import type { AccessCode } from "./messages.ts";
import { type Actor, type ApproverPowers, readAuthority } from "./requests/authority.ts";

/**
 * Gives a member another profile (J17), with a justification that the member reads; it holds from
 * their next request on, and what was before is kept. ADMINISTRADOR is neither given nor taken by
 * other administrators: the legal representative takes it here, and gives it elsewhere.
 *
 * @param cpf of the member
 */
export async function changeProfile(
  deps: Deps,
  actor: Actor,
  { cnes, cpf, profile: name, justification: typed }: {
    cnes: string;
    cpf: string;
    profile: string;
    justification: string;
  },
): Promise<Result<Membership, AccessCode>> {
  const profile = ORDINARY_PROFILES.find((one) => one === name);
  if (!profile) return refuse("profile_unknown");
  const justification = tidy(typed);
  if (!justification) return refuse("justification_missing");
  const establishment = await getEstablishment(deps, cnes);
  const operadora = establishment?.operadora ?? null;
  return await transact(deps.kv, async (tx) => {
    const authority = await readAuthority(tx, actor, { cnes, operadora });
    const [membership, person] = await tx.getMany([
      keys.membership(cnes, cpf),
      keys.person(cpf),
    ]);
    const refusal = checkManage(authority, membership, cpf);
    if (refusal) return refusal;
    const { profile: before } = membership!;
    // Without one the person has only been let into the establishment: step two is a request.
    if (!before) return refuse<AccessCode>("profile_first");
    if (before === profile) return refuse<AccessCode>("profile_same", { perfil: profile });
    const next: Membership = {
      ...membership!,
      profile,
      since: deps.now(),
      by: authority.person!.id,
      justification,
    };
    rememberChange(deps, tx, membership!);
    setMembership(tx, next);
    const to = person && reachableEmail(person);
    if (to) {
      const place = { establishment: establishment?.nome ?? cnes, origin: deps.config.origin };
      const change: { before: Profile; after: Profile; justification: string } = {
        before,
        after: profile,
        justification,
      };
      enqueue(deps, tx, profileChangedMail(to, person.name, change, place));
    }
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.profile",
      actor: authority.person!.id,
      subject: person?.id ?? "unknown",
      detail: { before, after: profile },
    });
    return accept(next);
  });
}

/**
 * Why an actor may not change or end a membership: administrators manage those who are not
 * ADMINISTRADOR, the legal representative everybody, nobody themselves.
 */
export function checkManage(
  { person, administers, represents }: ApproverPowers,
  membership: Membership | null,
  cpf: string,
): Refusal<AccessCode> | null {
  if (!person || !(administers || represents)) return refuse("not_allowed");
  if (!isActiveMembership(membership)) return refuse("member_not_found");
  if (cpf === person.cpf) return refuse("member_own");
  if (isAdministrator(membership) && !represents) return refuse("administrator_by_representative");
  return null;
}

/** A text for others to read: blanks collapsed, "" when it is missing or too long (500 letters). */
export function tidy(text: string): string {
  const tidied = oneLine(text);
  return tidied.length < 3 || tidied.length > 500 ? "" : tidied;
}
