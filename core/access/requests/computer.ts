import type { AccountCode } from "../../account/messages.ts";
import { consumeAttempts, type Limit, refundAttempt } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { newId } from "../../ids.ts";
import { oneLine } from "../../one_line.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { ApproverRole, ComputerRequest, Membership } from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import { findEstablishment } from "../establishments.ts";
import { isActiveMembership, isAdministrator } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { noticesFor } from "./recipients.ts";
import { openRequest, WAITING } from "./transition.ts";

export interface ComputerForm {
  cnes: string;
  /** Asset tag, 2 to 60 letters. */
  label: string;
  /** Where it stands, 2 to 120 letters. */
  place: string;
  /** Thumbprint of the approved computer that this one takes the place of; "" for none. */
  replaces: string;
}

/**
 * Step three: asks that a profile may be used on the computer that this session has proven to be.
 * The administrators decide; about a computer of an ADMINISTRADOR the others, or the representative.
 *
 * @param thumbprint of the key that the session has proven to hold; null when it has proven none
 */
export async function askForComputer(
  deps: Deps,
  person: Account,
  thumbprint: string | null,
  form: ComputerForm,
): Promise<Result<ComputerRequest, AccessCode>> {
  if (!thumbprint) return refuse("computer_not_proven");
  const label = tidy(form.label);
  if (label.length < 2 || label.length > 60) return refuse("computer_label_invalid");
  const place = tidy(form.place);
  if (place.length < 2 || place.length > 120) return refuse("computer_place_invalid");
  const found = await findEstablishment(deps, form.cnes);
  if (!found.ok) return found;
  const establishment = found.data;
  const { cnes, operadora, uf } = establishment;

  const { id: account } = person;
  const held = await read(deps.kv, keys.membership(cnes, account));
  const draft: ComputerRequest = {
    ...WAITING,
    step: "computador",
    id: newId(deps.now()),
    cnes,
    account,
    profile: held?.profile ?? "CONSULTADOR",
    to: approversOf(held),
    operadora,
    computer: { thumbprint, label, place, replaces: null },
    createdAt: deps.now(),
  };
  const notices = await noticesFor(deps, establishment, draft);
  return await transact(deps.kv, async (tx) => {
    const [membership, open, same, replaced] = await tx.getMany([
      keys.membership(cnes, account),
      keys.requestOpen(account, cnes, "computador"),
      keys.computer(cnes, account, thumbprint),
      keys.computer(cnes, account, form.replaces),
    ]);
    // Steps in order: no computer for a person who has no profile yet.
    if (!isActiveMembership(membership) || !membership.profile) return refuse("profile_first");
    if (open) return refuse<AccessCode>("computer_already_pending");
    if (same) return refuse<AccessCode>("computer_already_approved", { etiqueta: same.label });
    if (form.replaces && !replaced) return refuse<AccessCode>("computer_unknown");
    const replaces = replaced && { thumbprint: replaced.thumbprint, label: replaced.label };
    const request: ComputerRequest = {
      ...draft,
      profile: membership.profile,
      to: approversOf(membership),
      computer: { ...draft.computer, replaces },
    };
    await openRequest(deps, tx, request, { actor: account, uf, notices });
    return accept(request);
  });
}

function approversOf(membership: Membership | null): ApproverRole[] {
  return isAdministrator(membership) ? ["administradores", "representante"] : ["administradores"];
}

/** Without signs that show nothing: they turn texts round, or make two labels look like one. */
function tidy(text: string): string {
  return oneLine(text).replace(/\p{Cf}/gu, "").trim();
}

const DAY = 24 * 60 * 60_000;
/** Each request tells administrators in their chats and mailboxes, and may be taken back and made anew. */
const PER_PLACE: Limit = { what: "request_place", attempts: 12, window: DAY };
/** A person who works for many establishments asks twice at each, for the profile and the computer. */
const PER_PERSON: Limit = { what: "request", attempts: 120, window: DAY };

/**
 * Makes a request of a person at an establishment, unless they have made too many within a day:
 * any person can register, and each request disturbs people. What is refused does not count.
 */
export async function askWithin<T, C extends string>(
  deps: Deps,
  { account, cnes }: { account: AccountId; cnes: string },
  ask: () => Promise<Result<T, C>>,
): Promise<Result<T, C | AccountCode>> {
  const counts: [Limit, string][] = [[PER_PLACE, `${account} ${cnes}`], [PER_PERSON, account]];
  const throttled = await consumeAttempts(deps, counts);
  if (!throttled.ok) return throttled;
  const asked = await ask();
  if (asked.ok) return asked;
  for (const [limit, who] of counts) await refundAttempt(deps, limit, who);
  return asked;
}
