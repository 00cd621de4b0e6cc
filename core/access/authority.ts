import type { Deps } from "../deps.ts";
import { type Where, whereOf } from "../mails/access_mails.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import type { Result } from "../result.ts";
import type { Values } from "../store/key.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import type { Standing } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { decidesWith } from "./membership.ts";
import type { AccessCode } from "./messages.ts";

/** A person who wants to act at an establishment. */
export interface Actor {
  account: AccountId;
  /**
   * CNPJ of the operadora that they represent in this session, which they opened with its
   * certificate; the caller has looked (`isRepresentative`).
   */
  represents?: string | null;
  /** Of the session or the chat in which they act. */
  standing: Standing;
}

/** The powers of an actor at an establishment, as of the commit that uses them. */
export interface ApproverPowers {
  /** Null when there is no such person, or they were deactivated: then there are no powers. */
  person: Account | null;
  administers: boolean;
  represents: boolean;
}

/** The keys of what `authorityFrom` needs; they cost a commit three checks. */
export function authorityKeys({ account, represents }: Actor, cnes: string) {
  return [
    keys.account(account),
    keys.membership(cnes, account),
    keys.representative(represents ?? ""),
  ] as const;
}

/**
 * The powers of an actor at an establishment.
 * @param operadora CNPJ that the establishment is bound to
 * @param stored what was read at `authorityKeys`
 */
export function authorityFrom(
  deps: Pick<Deps, "config">,
  actor: Actor,
  operadora: string | null,
  [person, membership, representative]: Values<ReturnType<typeof authorityKeys>>,
): ApproverPowers {
  if (!person?.active) return { person: null, administers: false, represents: false };
  return {
    person,
    administers: decidesWith(deps, membership, person, actor.standing),
    represents: Boolean(actor.represents) && actor.represents === operadora &&
      representative?.account === actor.account,
  };
}

/**
 * Makes a change at an establishment in one commit, which knows the powers of the actor there.
 *
 * @param change may refuse; what it writes is committed when it accepts
 * @example return await changeAt(deps, actor, cnes, async (tx, powers, where) => { … });
 */
export async function changeAt<T>(
  deps: Deps,
  actor: Actor,
  cnes: string,
  change: (
    tx: Transaction,
    powers: ApproverPowers,
    where: Where,
  ) => Promise<Result<T, AccessCode>>,
): Promise<Result<T, AccessCode>> {
  const establishment = await getEstablishment(deps, cnes);
  const operadora = establishment?.operadora ?? null;
  return await transact(deps.kv, async (tx) => {
    const powers = authorityFrom(
      deps,
      actor,
      operadora,
      await tx.getMany(authorityKeys(actor, cnes)),
    );
    return await change(tx, powers, whereOf(deps, establishment, cnes));
  });
}

/** An establishment as a person who manages it sees it. */
export interface Managed {
  cnes: string;
  /** Null when the CNES does not have it any more; its people are still managed. */
  establishment: Establishment | null;
  /** ADMINISTRADOR there. */
  administers: boolean;
  /** Legal representative of its operadora. */
  represents: boolean;
}

/**
 * May an actor look after an establishment's people and computers, as of now? For the pages: whatever
 * is done there looks again in its own commit. Null says no, whether there is such an establishment
 * or not.
 */
export async function manage(deps: Deps, actor: Actor, cnes: string): Promise<Managed | null> {
  const [establishment, [person, membership]] = await Promise.all([
    getEstablishment(deps, cnes),
    readMany(deps.kv, [keys.account(actor.account), keys.membership(cnes, actor.account)]),
  ]);
  const administers = person !== null && decidesWith(deps, membership, person, actor.standing);
  const represents = Boolean(actor.represents) && establishment?.operadora === actor.represents;
  return administers || represents ? { cnes, establishment, administers, represents } : null;
}
