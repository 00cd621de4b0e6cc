import { parseEmail, parseName } from "../../account/account.ts";
import type { AccountCode } from "../../account/messages.ts";
import { makeProvisionalPassword } from "../../account/password.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { newId } from "../../ids.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { invitationRevoked, invited } from "../../mails/user_mails.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { Account } from "../../store/records/account.ts";
import type { CpfHolder, Invitation } from "../../store/records/invitation.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccessCode } from "../messages.ts";
import { isSystem } from "../users/grants.ts";
import { isActiveTie } from "../users/user_of_operadora.ts";
import {
  endInvitation,
  hasLapsed,
  INVITATION_LIFE,
  isOpen,
  PROVISIONAL_HOURS,
  PROVISIONAL_LIFE,
  provisionalHash,
  putInvitation,
} from "./invitation.ts";
import { eachInvitation } from "./list.ts";

export interface UserForm {
  cpf: string;
  name: string;
  email: string;
  systems: readonly string[];
}

const HOUR = 60 * 60_000;
/** Provisional passwords for one invitation. */
const RENEWALS: Limit = { what: "invitation_renewal", attempts: 5, window: HOUR };
/** Mails of one operadora to one mailbox, which people of a company may share. Refuses nothing. */
const MAILS: Limit = { what: "invitation_mail", attempts: 30, window: 24 * HOUR };
/** Renewed in one go. */
const MOST_AT_ONCE = 1_000;

/**
 * The representative registers a person of the operadora (J6): an invitation, and nothing else. No
 * account is looked for or made, so the answer and its time are the same whoever it is; name, CPF and
 * mailbox speak at this operadora, once somebody accepts who reads that mailbox or has proved the CPF.
 *
 * @param form as typed; `systems` are ids
 * @returns refused as the fields say, and for a CPF that has a tie or an open invitation here
 */
export async function inviteUser(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  form: UserForm,
): Promise<Result<Invitation, AccessCode | AccountCode>> {
  const cpf = parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const name = parseName(form.name);
  if (!name) return refuse("name_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  const systems = [...new Set(form.systems)];
  if (!systems.every((id) => isSystem(deps.config.systems, id))) return refuse("system_unknown");

  const { cnpj } = operadora;
  const mail = await mayMail(deps, cnpj, email);
  const fresh = freshPassword(deps, cpf);
  return await transact(deps.kv, async (tx) => {
    const taken = await takenAt(deps, tx, { cnpj, cpf, email });
    if (taken) return refuse<AccessCode>(taken);
    const now = deps.now();
    const invitation: Invitation = {
      id: newId(now),
      operadora: cnpj,
      cpf,
      name,
      email,
      systems,
      by: actor.id,
      createdAt: now,
      expiresAt: now + INVITATION_LIFE,
      state: "enviado",
      password: fresh.stored(now),
      account: null,
      endedAt: null,
    };
    const event = "invitation.sent";
    return accept(await send(deps, tx, invitation, { actor, operadora, event, mail, fresh }));
  });
}

/**
 * Another provisional password, and another 30 days, to the same mailbox; the password before ends.
 *
 * @returns refused for an invitation that has ended, after 5 within an hour, and when its CPF has come
 *   to have another one, or a tie
 */
export async function renewInvitation(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  id: string,
): Promise<Result<Invitation, AccessCode | AccountCode>> {
  const { cnpj } = operadora;
  const key = keys.invitation(cnpj, id);
  const before = await read(deps.kv, key);
  if (!before) return refuse("invitation_unknown");
  const throttled = await consumeAttempt(deps, RENEWALS, `${cnpj} ${id}`);
  if (!throttled.ok) return throttled;
  const mail = await mayMail(deps, cnpj, before.email);
  const fresh = freshPassword(deps, before.cpf);
  return await transact(deps.kv, async (tx) => {
    const current = await tx.get(key);
    if (current?.state !== "enviado") return refuse<AccessCode>("invitation_over");
    const { cpf, email } = current;
    const taken = await takenAt(deps, tx, { cnpj, cpf, email, but: id });
    if (taken) return refuse<AccessCode>(taken);
    const now = deps.now();
    if (current.password) tx.delete(keys.invitationByPassword(current.password.hash));
    const invitation: Invitation = {
      ...current,
      by: actor.id,
      expiresAt: now + INVITATION_LIFE,
      password: fresh.stored(now),
    };
    const event = "invitation.renewed";
    return accept(await send(deps, tx, invitation, { actor, operadora, event, mail, fresh }));
  });
}

/**
 * Renews what has lapsed, an invitation a commit, at most 1,000.
 * @returns how many were renewed, and how many could not be
 */
export async function renewLapsed(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
): Promise<{ renewed: number; left: number }> {
  const lapsed: string[] = [];
  for await (const invitation of eachInvitation(deps, operadora.cnpj)) {
    if (hasLapsed(invitation, deps.now())) lapsed.push(invitation.id);
    if (lapsed.length === MOST_AT_ONCE) break;
  }
  let renewed = 0;
  for (const id of lapsed) {
    if ((await renewInvitation(deps, actor, operadora, id)).ok) renewed++;
  }
  return { renewed, left: lapsed.length - renewed };
}

/** Takes an invitation back, whether it has lapsed or not; the mailbox is told. */
export async function revokeInvitation(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  id: string,
): Promise<Result<null, AccessCode>> {
  const { cnpj, razaoSocial } = operadora;
  return await transact(deps.kv, async (tx) => {
    const invitation = await tx.get(keys.invitation(cnpj, id));
    if (!invitation) return refuse<AccessCode>("invitation_unknown");
    if (invitation.state !== "enviado") return refuse<AccessCode>("invitation_over");
    const holder = await tx.get(keys.cpfAtOperadora(cnpj, invitation.cpf));
    endInvitation(deps, tx, invitation, { state: "revogado", account: null, holder });
    const by = { operadora: razaoSocial, origin: deps.config.origin };
    notifyAddress(deps, tx, invitation.email, invitationRevoked(by));
    const event = "invitation.revoked";
    await appendAudit(deps, tx, { stream: cnpj, event, actor: actor.id, subject: id });
    return accept(null);
  });
}

const TAKEN: readonly string[] = [
  "user_already_registered",
  "user_already_invited",
  "user_switched_off",
] satisfies AccessCode[];

/** Was an invitation refused because the CPF has a tie or an invitation here? */
export function isTaken(code: string): boolean {
  return TAKEN.includes(code);
}

/**
 * Why somebody would not be invited now, to be shown beforehand; null when they would. Looks only at
 * what this operadora has done.
 *
 * @param form whose CPF and e-mail are valid
 */
export async function whyNotInvited(
  deps: Deps,
  cnpj: string,
  form: Pick<UserForm, "cpf" | "email">,
): Promise<AccessCode | null> {
  const [cpf, email] = [parseCpf(form.cpf)!, parseEmail(form.email)!];
  return await transact(deps.kv, (tx) => takenAt(deps, tx, { cnpj, cpf, email }));
}

/** Which refusal keeps a CPF from being invited here; null when its place is free. At most two checks. */
async function takenAt(
  deps: Deps,
  tx: Transaction,
  { cnpj, cpf, email, but }: { cnpj: string; cpf: string; email: string; but?: string },
): Promise<AccessCode | null> {
  const holder = await tx.get(keys.cpfAtOperadora(cnpj, cpf));
  if (!holder) return null;
  return await refusalOf(deps, tx, { cnpj, email, but }, holder);
}

async function refusalOf(
  deps: Deps,
  tx: Transaction,
  { cnpj, email, but }: { cnpj: string; email: string; but?: string },
  holder: CpfHolder,
): Promise<AccessCode | null> {
  if ("account" in holder) {
    const tie = await tx.get(keys.userOfOperadora(cnpj, holder.account));
    const isSame = tie?.email === email;
    if (isActiveTie(tie)) return "user_already_registered";
    // Whom another mailbox was named for is invited anew: the tie that is off may be somebody else's.
    return isSame ? "user_switched_off" : null;
  }
  if (holder.invitation === but) return null;
  const other = await tx.get(keys.invitation(cnpj, holder.invitation));
  return other && isOpen(other, deps.now()) ? "user_already_invited" : null;
}

interface Fresh {
  password: string;
  stored(now: number): NonNullable<Invitation["password"]>;
}

function freshPassword(deps: Deps, cpf: string): Fresh {
  const password = makeProvisionalPassword();
  const hash = provisionalHash(deps, cpf, password);
  return { password, stored: (now) => ({ hash, expiresAt: now + PROVISIONAL_LIFE }) };
}

/** Counted for whatever mailbox was typed; one that has had enough gets no mail, and nobody is told so. */
async function mayMail(deps: Deps, cnpj: string, email: string): Promise<boolean> {
  return (await consumeAttempt(deps, MAILS, `${cnpj} ${email}`)).ok;
}

async function send(
  deps: Deps,
  tx: Transaction,
  invitation: Invitation,
  { actor, operadora, event, mail, fresh }: {
    actor: Account;
    operadora: Operadora;
    event: string;
    mail: boolean;
    fresh: Fresh;
  },
): Promise<Invitation> {
  putInvitation(deps, tx, invitation);
  const { id, cpf, name, email, systems, expiresAt } = invitation;
  const text = invited(
    { cpf, password: fresh.password, hours: PROVISIONAL_HOURS, until: expiresAt },
    { operadora: operadora.razaoSocial, origin: deps.config.origin },
  );
  if (mail) notifyAddress(deps, tx, email, text, name);
  await appendAudit(deps, tx, {
    stream: operadora.cnpj,
    event,
    actor: actor.id,
    subject: id,
    detail: { systems: systems.join(" ") },
  });
  return invitation;
}
