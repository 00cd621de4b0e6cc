import { appendAudit } from "../../audit/append.ts";
import { newId } from "../../ids.ts";
import type { Deps } from "../../deps.ts";
import type { Establishment } from "../../registry/establishment.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { ApproverRole, Profile, ProfileRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { findEstablishment } from "../find_establishment.ts";
import { isActiveMembership, PROFILES, setMembership } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { confirmsIdentity } from "../users/tie.ts";
import { noticesFor } from "./notices.ts";
import { nextStep } from "./steps.ts";
import { notifyOfWaiting } from "./takeover.ts";
import { openApproved, openRequest } from "./transition.ts";

export interface RequestForm {
  cnes: string;
  profile: string;
}

/** What the portal knows of who asks, beyond what they typed. */
export interface RequesterProof {
  /** Has gov.br said in this session whose CPF this is? */
  provenByGovbr?: boolean;
}

/**
 * Steps one and two (J10): asks for a profile at an establishment, and for the establishment too
 * when that was not approved before. Its administrators are told in Telegram, or by e-mail when they
 * have no chat or have blocked the bot; with no administrator yet the request waits for the next.
 * ADMINISTRADOR is asked of the legal representative instead; the director whom the CNES names gets
 * it at once (J11).
 *
 * @returns the request for the profile
 */
export async function createRequest(
  deps: Deps,
  person: Person,
  form: RequestForm,
  { provenByGovbr = false }: RequesterProof = {},
): Promise<Result<ProfileRequest, AccessCode>> {
  const found = await findEstablishment(deps, form.cnes);
  if (!found.ok) return found;
  const establishment = found.data;
  const { cnes } = establishment;
  const profile = Object.hasOwn(PROFILES, form.profile) ? form.profile as Profile : null;
  if (!profile) return refuse("profile_unknown");

  const ids = { profile: newId(deps.now()), establishment: newId(deps.now()) };
  const draft = draftOf(deps, { person, establishment, profile, ids });
  const notices = await noticesFor(deps, establishment, draft);
  return await transact(deps.kv, async (tx) => {
    const tie = keys.userOfOperadora(establishment.operadora ?? "", person.cpf);
    const [open, membership, user, stored] = await tx.getMany([
      keys.requestOpen(person.cpf, cnes, "perfil"),
      keys.membership(cnes, person.cpf),
      tie,
      keys.person(person.cpf),
    ]);
    if (!stored?.active) return refuse<AccessCode>("not_allowed");
    if (open) return refuse<AccessCode>("request_already_pending");
    const active = isActiveMembership(membership);
    const next = nextStep({
      establishment: active,
      profile: active && membership.profile !== null,
    });
    if (next === "computador") {
      return refuse<AccessCode>("already_member", { perfil: membership!.profile! });
    }
    const request = next === "perfil" ? { ...draft, establishmentRequest: null } : draft;
    // Whoever once was deactivated here does not come back by being the director.
    const proven = provenByGovbr || confirmsIdentity(user, stored);
    const atOnce = !membership && profile === "ADMINISTRADOR" &&
      isDirector(establishment, stored, proven);
    if (atOnce) return accept(await becomeAdministrator(deps, tx, request, person));
    if (profile === "ADMINISTRADOR" && !establishment.operadora) {
      return refuse<AccessCode>("establishment_without_operadora");
    }
    await openRequest(deps, tx, request, { actor: person.id, uf: establishment.uf, notices });
    return accept(request);
  });
}

/**
 * Is this the "Diretor Clínico ou Gerente / Administrador" of the CNES (`CO_CPFDIRETORCLN`)? The
 * number alone is no proof: anybody could have registered it. Either gov.br says who this is, or the
 * establishment's own operadora, which could appoint them anyway, has registered the person: not when
 * it only added a record that somebody else had declared, or that another operadora has made with an
 * address of its own.
 */
function isDirector({ directorCpf }: Establishment, { cpf }: Person, proven: boolean): boolean {
  return proven && directorCpf === cpf;
}

/** Who decides about a profile. */
function approversOf(profile: Profile): ApproverRole[] {
  return profile === "ADMINISTRADOR" ? ["representante"] : ["administradores"];
}

function draftOf(
  deps: Deps,
  { person, establishment, profile, ids }: {
    person: Person;
    establishment: Establishment;
    profile: Profile;
    ids: { profile: string; establishment: string };
  },
): ProfileRequest {
  return {
    step: "perfil",
    id: ids.profile,
    establishmentRequest: ids.establishment,
    cnes: establishment.cnes,
    cpf: person.cpf,
    profile,
    state: "pendente",
    to: approversOf(profile),
    operadora: establishment.operadora,
    createdAt: deps.now(),
    decidedAt: null,
    decidedBy: null,
    via: null,
    reason: null,
  };
}

/** J11: the director needs nobody's approval for the first two steps. */
async function becomeAdministrator(
  deps: Deps,
  tx: Transaction,
  request: ProfileRequest,
  person: Person,
): Promise<ProfileRequest> {
  const granted = openApproved(deps, tx, request);
  const { cnes, cpf, profile } = request;
  setMembership(tx, { cnes, cpf, profile, since: granted.decidedAt!, by: "cnes" });
  await notifyOfWaiting(deps, tx, cnes, person);
  await appendAudit(deps, tx, {
    stream: cnes,
    event: "membership.director",
    actor: person.id,
    subject: request.id,
    detail: { profile },
  });
  return granted;
}
