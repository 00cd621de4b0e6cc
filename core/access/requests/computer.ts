import { newId } from "../../ids.ts";
import { oneLine } from "../../one_line.ts";
import type { Deps } from "../../deps.ts";
import { getEstablishment } from "../../registry/establishment.ts";
import { parseCnes } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { ApproverRole, ComputerRequest, Membership } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import { isActiveMembership, isAdministrator } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { noticesFor } from "./notices.ts";
import { openRequest } from "./transition.ts";

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
  person: Person,
  thumbprint: string | null,
  form: ComputerForm,
): Promise<Result<ComputerRequest, AccessCode>> {
  const cnes = parseCnes(form.cnes);
  if (!cnes) return refuse("establishment_invalid");
  if (!thumbprint) return refuse("computer_not_proven");
  const label = tidy(form.label);
  if (label.length < 2 || label.length > 60) return refuse("computer_label_invalid");
  const place = tidy(form.place);
  if (place.length < 2 || place.length > 120) return refuse("computer_place_invalid");
  const establishment = await getEstablishment(deps, cnes);
  if (!establishment) return refuse("establishment_not_found");
  if (!establishment.active) return refuse("establishment_inactive");

  const { cpf } = person;
  const held = await read(deps.kv, keys.membership(cnes, cpf));
  const draft: ComputerRequest = {
    step: "computador",
    id: newId(deps.now()),
    cnes,
    cpf,
    profile: held?.profile ?? "CONSULTADOR",
    state: "pendente",
    to: approversOf(held),
    operadora: establishment.operadora,
    computer: { thumbprint, label, place, replaces: null },
    createdAt: deps.now(),
    decidedAt: null,
    decidedBy: null,
    via: null,
    reason: null,
  };
  const notices = await noticesFor(deps, establishment, draft);
  return await transact(deps.kv, async (tx) => {
    const old = keys.computer(cnes, cpf, form.replaces);
    const [membership, open, same, replaced] = await tx.getMany([
      keys.membership(cnes, cpf),
      keys.requestOpen(cpf, cnes, "computador"),
      keys.computer(cnes, cpf, thumbprint),
      old,
    ]);
    // Steps in order: no computer for who may not do anything yet.
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
    await openRequest(deps, tx, request, { actor: person.id, uf: establishment.uf, notices });
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
