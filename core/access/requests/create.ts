import { findableByCpf } from "../../account/account.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { newId } from "../../ids.ts";
import type { Establishment } from "../../registry/establishment.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type {
  AccessRequest,
  ApproverRole,
  Profile,
  ProfileRequest,
} from "../../store/records/access.ts";
import type { Account } from "../../store/records/account.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { EstablishmentAccess } from "../establishment_access.ts";
import { findEstablishment } from "../establishments.ts";
import { isActiveMembership, PROFILES, setMembership } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { confirmsIdentity, getTie } from "../users/user_of_operadora.ts";
import { noticesFor, notifyOfWaiting } from "./recipients.ts";
import { nextStep } from "./steps.ts";
import { openApproved, openRequest, transition, WAITING } from "./transition.ts";

export interface RequestForm {
  cnes: string;
  profile: string;
}

/** What the portal knows of the requester, beyond what they typed. */
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
  person: Account,
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
    const [open, membership, user, stored] = await tx.getMany([
      keys.requestOpen(person.id, cnes, "perfil"),
      keys.membership(cnes, person.id),
      keys.userOfOperadora(establishment.operadora ?? "", person.id),
      keys.account(person.id),
    ]);
    if (!stored?.active) return refuse<AccessCode>("not_allowed");
    if (open) return refuse<AccessCode>("request_already_pending");
    const active = isActiveMembership(membership);
    const hasProfile = active && membership.profile !== null;
    const next = nextStep({ establishment: active, profile: hasProfile });
    if (next === "computador") {
      return refuse<AccessCode>("already_member", { perfil: membership!.profile! });
    }
    const request = next === "perfil" ? { ...draft, establishmentRequest: null } : draft;
    // A person who was deactivated here does not come back by being the director.
    const isDirector = !membership && establishment.directorCpf === stored.cpf;
    const proven = provenByGovbr || confirmsIdentity(user, stored);
    if (profile === "ADMINISTRADOR" && isDirector && proven) {
      return accept(await becomeAdministrator(deps, tx, request, person));
    }
    if (profile === "ADMINISTRADOR" && !establishment.operadora) {
      return refuse<AccessCode>("establishment_without_operadora");
    }
    await openRequest(deps, tx, request, { actor: person.id, uf: establishment.uf, notices });
    return accept(request);
  });
}

/** Who decides about a profile. */
function approversOf(profile: Profile): ApproverRole[] {
  return profile === "ADMINISTRADOR" ? ["representante"] : ["administradores"];
}

function draftOf(
  deps: Deps,
  { person, establishment, profile, ids }: {
    person: Account;
    establishment: Establishment;
    profile: Profile;
    ids: { profile: string; establishment: string };
  },
): ProfileRequest {
  return {
    ...WAITING,
    step: "perfil",
    id: ids.profile,
    establishmentRequest: ids.establishment,
    cnes: establishment.cnes,
    account: person.id,
    profile,
    to: approversOf(profile),
    operadora: establishment.operadora,
    createdAt: deps.now(),
  };
}

/** J11: the director needs no approval for the first two steps. */
async function becomeAdministrator(
  deps: Deps,
  tx: Transaction,
  request: ProfileRequest,
  person: Account,
): Promise<ProfileRequest> {
  const granted = openApproved(deps, tx, request);
  const { cnes, account, profile } = request;
  setMembership(tx, { cnes, account, profile, since: granted.decidedAt!, by: "cnes" });
  findableByCpf(tx, person);
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

/**
 * What it is worth to a person that the CNES names their CPF as that of the "Diretor Clínico ou
 * Gerente / Administrador" (`CO_CPFDIRETORCLN`): ADMINISTRADOR at once, or not yet because it is not
 * proven whose CPF it is. Null for all others. To be shown beforehand; `createRequest` decides by the
 * same rule in its commit.
 *
 * The number alone is no proof: a stranger could have registered it. Either gov.br says who this is, or
 * the establishment's own operadora, which could appoint them anyway, has named this CPF to the person.
 */
export async function directorAt(
  deps: Deps,
  person: Account,
  { establishment, status }: EstablishmentAccess,
  { provenByGovbr = false }: RequesterProof,
): Promise<"atOnce" | "unproven" | null> {
  const { id, cpf } = person;
  if (establishment?.directorCpf !== cpf || status.membership) return null;
  const { operadora } = establishment;
  const proven = provenByGovbr ||
    (operadora !== null && confirmsIdentity(await getTie(deps, operadora, id), person));
  return proven ? "atOnce" : "unproven";
}

/**
 * The requester takes a request back, as long as it waits. The request for an establishment is taken
 * back with that for the profile. Another person's is as good as none.
 *
 * @param id of the request
 * @returns the request that was cancelled
 */
export async function cancelRequest(
  deps: Deps,
  person: Account,
  id: string,
): Promise<Result<AccessRequest, AccessCode>> {
  return await transact(deps.kv, async (tx) => {
    const request = await tx.get(keys.request(id));
    if (!request || request.account !== person.id || request.step === "estabelecimento") {
      return refuse<AccessCode>("request_not_found");
    }
    if (request.state !== "pendente") {
      return refuse<AccessCode>("request_not_pending", { estado: request.state });
    }
    const by = { id: person.id, name: person.name };
    const ending = { move: "cancelar", by, via: "portal", reason: null } as const;
    return accept(await transition(deps, tx, request, ending));
  });
}
