import { findableByCpf } from "../../account/account.ts";
import { opensTie, speaksForProof } from "../../account/credentials.ts";
import { provesDirector } from "../../account/proof.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { newId } from "../../ids.ts";
import type { Establishment } from "../../registry/establishment.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type {
  AccessRequest,
  ApproverRole,
  MembershipOrigin,
  Profile,
  ProfileRequest,
  UserOfOperadora,
} from "../../store/records/access.ts";
import type { Account } from "../../store/records/account.ts";
import type { Standing } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { EstablishmentAccess } from "../establishment_access.ts";
import { findEstablishment } from "../establishments.ts";
import {
  isActiveMembership,
  mailboxOf,
  PROFILES,
  setMembership,
  wasMemberBefore,
} from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { confirmsIdentity, getTie } from "../users/user_of_operadora.ts";
import { noticesFor, notifyOfWaiting } from "./recipients.ts";
import { nextStep } from "./steps.ts";
import { openApproved, openRequest, transition, WAITING } from "./transition.ts";

export interface RequestForm {
  cnes: string;
  profile: string;
}

/**
 * Steps one and two (J10): asks for a profile at an establishment, and for the establishment too
 * when that was not approved before. Its administrators are told in Telegram, or by e-mail when they
 * have no chat or have blocked the bot; with no administrator yet the request waits for the next.
 * ADMINISTRADOR is asked of the legal representative instead; the director whom the CNES names gets
 * it at once (J11).
 *
 * @param standing of the session in which it is asked
 * @returns the request for the profile
 */
export async function createRequest(
  deps: Deps,
  person: Account,
  form: RequestForm,
  standing: Standing,
): Promise<Result<ProfileRequest, AccessCode>> {
  const found = await findEstablishment(deps, form.cnes);
  if (!found.ok) return found;
  const establishment = found.data;
  const { cnes } = establishment;
  const profile = Object.hasOwn(PROFILES, form.profile) ? form.profile as Profile : null;
  if (!profile) return refuse("profile_unknown");

  const ids = { profile: newId(deps.now()), establishment: newId(deps.now()) };
  const draft = draftOf(deps, { person, establishment, profile, ids });
  const [notices, returns] = await Promise.all([
    noticesFor(deps, establishment, draft),
    isNamed(person, establishment) && wasMemberBefore(deps, cnes, person),
  ]);
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
    const isDirector = !membership && !returns && isNamed(stored, establishment);
    const origin = isDirector && rowOrigin(deps, stored, standing, { tie: user, establishment });
    if (profile === "ADMINISTRADOR" && origin) {
      const tie = origin.operadora === null ? null : user;
      return accept(await becomeAdministrator(deps, tx, request, { person: stored, origin, tie }));
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
  { person, origin, tie }: { person: Account; origin: RowOrigin; tie: UserOfOperadora | null },
): Promise<ProfileRequest> {
  const granted = openApproved(deps, tx, request);
  const { cnes, account, profile } = request;
  setMembership(tx, {
    ...{ cnes, account, profile, since: granted.decidedAt!, by: "cnes" },
    ...mailboxOf(person, tie),
    origin,
  });
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

type RowOrigin = Extract<MembershipOrigin, { kind: "row" }>;

function isNamed({ cpf }: Account, { directorCpf }: Establishment): boolean {
  return directorCpf === cpf;
}

/**
 * What the director's membership rests on: the proof of the account's CPF (not by an e-CPF in a file),
 * for which the credential of the session has to speak, or the tie of the establishment's own operadora, which the session has to
 * open. Null when there is neither.
 */
function rowOrigin(
  deps: Pick<Deps, "config">,
  person: Account,
  standing: Standing,
  { tie, establishment }: { tie: UserOfOperadora | null; establishment: Establishment },
): RowOrigin | null {
  if (provesDirector(person) && speaksForProof(deps, person, standing)) {
    return { kind: "row", operadora: null };
  }
  const { operadora } = establishment;
  const tied = operadora !== null && confirmsIdentity(tie, person) &&
    opensTie(deps, tie, person, standing);
  return tied ? { kind: "row", operadora } : null;
}

/**
 * What it is worth to a person that the CNES names their CPF as that of the "Diretor Clínico ou
 * Gerente / Administrador" (`CO_CPFDIRETORCLN`): ADMINISTRADOR at once, or not yet because it is not
 * proven whose CPF it is. Null for all others. To be shown beforehand; `createRequest` decides by the
 * same rule in its commit.
 *
 * The number alone is no proof: a stranger could have registered it. Either the account has proved it,
 * and what was shown in this session speaks for the proof, or the establishment's own operadora, which
 * could appoint them anyway, has named this CPF to the person.
 */
export async function directorAt(
  deps: Deps,
  person: Account,
  { establishment, status }: EstablishmentAccess,
  standing: Standing,
): Promise<"atOnce" | "unproven" | null> {
  if (!establishment || !isNamed(person, establishment) || status.membership) return null;
  const { cnes, operadora } = establishment;
  const [returns, tie] = await Promise.all([
    wasMemberBefore(deps, cnes, person),
    operadora ? getTie(deps, operadora, person.id) : null,
  ]);
  if (returns) return null;
  return rowOrigin(deps, person, standing, { tie, establishment }) ? "atOnce" : "unproven";
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
