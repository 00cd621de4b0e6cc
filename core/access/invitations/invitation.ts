import { isRunning } from "../../clock.ts";
import type { Deps } from "../../deps.ts";
import { keyedHash, keyedHashes } from "../../secrets.ts";
import { keys } from "../../store/keys.ts";
import { read, readMany } from "../../store/read.ts";
import type { AccountId } from "../../store/records/account.ts";
import type { CpfHolder, Invitation, InvitationPlace } from "../../store/records/invitation.ts";
import type { Transaction } from "../../store/transact.ts";

const HOUR = 60 * 60_000;
/** How long an invitation can be accepted: 30 days. */
export const INVITATION_LIFE = 30 * 24 * HOUR;
/** How long its provisional password is good: 72 hours. */
export const PROVISIONAL_LIFE = 72 * HOUR;
/** As the mails say it. */
export const PROVISIONAL_HOURS = PROVISIONAL_LIFE / HOUR;

/** Can it be accepted? */
export function isOpen({ state, expiresAt }: Invitation, now: number): boolean {
  return state === "enviado" && isRunning(expiresAt, now, INVITATION_LIFE);
}

/** Is its provisional password good? */
export function isPasswordGood(invitation: Invitation, now: number): boolean {
  const { password } = invitation;
  return isOpen(invitation, now) && password !== null &&
    isRunning(password.expiresAt, now, PROVISIONAL_LIFE);
}

/** Waits for somebody whom it does not let in any more, or not without an account: to be renewed. */
export function hasLapsed(invitation: Invitation, now: number): boolean {
  return invitation.state === "enviado" && !isPasswordGood(invitation, now);
}

/** What a provisional password is found by. The CPF is in it: none opens another person's invitation. */
export function provisionalHash(deps: Deps, cpf: string, password: string): string {
  return keyedHash(deps.config, "provisional passwords", cpf, password);
}

export async function getInvitation(
  deps: Deps,
  { operadora, id }: InvitationPlace,
): Promise<Invitation | null> {
  return await read(deps.kv, keys.invitation(operadora, id));
}

/** Read in the place of an invitation that is not there. */
const NONE: InvitationPlace = { operadora: "0".repeat(14), id: "0".repeat(26) };

/**
 * The invitation with this provisional password, also when that is good no more. Two round trips
 * whether there is one or not.
 */
export async function invitationByPassword(
  deps: Deps,
  cpf: string,
  password: string,
): Promise<Invitation | null> {
  const hashes = keyedHashes(deps.config, "provisional passwords", cpf, password);
  const places = await readMany(deps.kv, hashes.map((hash) => keys.invitationByPassword(hash)));
  const place = places.find((one) => one !== null);
  const found = await getInvitation(deps, place ?? NONE);
  return found?.password && hashes.includes(found.password.hash) ? found : null;
}

/** Writes an invitation that waits, and how it is found. */
export function putInvitation(deps: Deps, tx: Transaction, invitation: Invitation): void {
  const { id, operadora, cpf, email, password, expiresAt } = invitation;
  tx.set(keys.invitation(operadora, id), invitation);
  tx.set(keys.invitationByCpf(cpf, operadora, id), true);
  tx.set(keys.invitationByEmail(email, operadora, id), true);
  tx.set(keys.cpfAtOperadora(operadora, cpf), { invitation: id });
  const expireIn = expiresAt - deps.now();
  tx.set(keys.invitationByPassword(password!.hash), { operadora, id }, { expireIn });
}

/**
 * Ends an invitation: nothing finds it any more but the operadora's list.
 * @param holder what has the place of the CPF, which is given free when it is this invitation
 */
export function endInvitation(
  deps: Deps,
  tx: Transaction,
  invitation: Invitation,
  { state, account, holder }: {
    state: Exclude<Invitation["state"], "enviado">;
    account: AccountId | null;
    holder: CpfHolder | null;
  },
): void {
  const { id, operadora, cpf, email, password } = invitation;
  const ended: Invitation = {
    ...invitation,
    state,
    password: null,
    account,
    endedAt: deps.now(),
  };
  tx.set(keys.invitation(operadora, id), ended);
  tx.delete(keys.invitationByCpf(cpf, operadora, id));
  tx.delete(keys.invitationByEmail(email, operadora, id));
  if (password) tx.delete(keys.invitationByPassword(password.hash));
  const own = holder !== null && "invitation" in holder && holder.invitation === id;
  if (own && state !== "aceito") tx.delete(keys.cpfAtOperadora(operadora, cpf));
}
