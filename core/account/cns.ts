import { log } from "../log/mod.ts";
import type { Account, AccountId, GovbrLevel, PersonCns } from "../store/records/account.ts";
import { reaches } from "../config/choices.ts";
import { type CnsAnswer, lookUpCns } from "./cns_lookup.ts";
import { auditOwn } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { parseCns } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { consumeAttempt, type Limit } from "./throttle.ts";
import { getAccount } from "./account.ts";
import { cpfProofOf } from "./proof.ts";

/**
 * What is known of a declared number. Only a look-up's answer says a quality. A gov.br account of
 * level silver or gold proves who the person is, not how good the card's registration is: it makes
 * the declaration more credible (`source: "govbr"`) and leaves the quality unknown. See
 * docs/decisions/0017-cns-quality.md.
 */
export function gradeCns(
  number: string,
  { answer, level, now }: { answer: CnsAnswer | null; level: GovbrLevel | null; now: number },
): PersonCns {
  if (answer) return { number, quality: answer.quality, source: "consulta", at: answer.at };
  const proven = level !== null && reaches(level, "silver");
  return { number, quality: "desconhecida", source: proven ? "govbr" : "declarado", at: now };
}

/** After an entry with gov.br: what a look-up has said stays. */
export function creditGovbr(cns: PersonCns, level: GovbrLevel, now: number): PersonCns {
  if (cns.source !== "declarado") return cns;
  const graded = gradeCns(cns.number, { answer: null, level, now });
  return graded.source === "govbr" ? graded : cns;
}

/** The answer may tell that a number is in the portal: not to be asked in bulk. */
const DECLARATIONS: Limit = { what: "cns", attempts: 10, window: 24 * 60 * 60_000 };

/**
 * A person gives the number of their health card, or corrects it. It belongs to one account among
 * those with a proved CPF; to another of them it is refused without a word about whose it is. Where the
 * CPF is declared the number is too: it belongs to nobody by that, and keeps it from nobody. Given
 * again it stays as it is, with the quality that is known.
 */
export async function declareCns(
  deps: Deps,
  account: AccountId,
  typed: string,
): Promise<Result<null, AccountCode>> {
  const number = parseCns(typed);
  if (!number) return refuse("cns_invalid");
  const throttled = await consumeAttempt(deps, DECLARATIONS, account);
  if (!throttled.ok) return throttled;
  return await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.account(account));
    if (!person?.active) return refuse<AccountCode>("session_ended");
    if (person.cns?.number === number) return accept(null);
    const taken = cpfProofOf(deps, person) === null || await takeCns(deps, tx, account, number);
    if (!taken) return refuse<AccountCode>("cns_taken");
    await releaseCns(tx, person);
    const level = person.govbr?.level ?? null;
    const cns = gradeCns(number, { answer: null, level, now: deps.now() });
    tx.set(keys.account(account), { ...person, cns });
    await auditOwn(deps, tx, person, "cns.declared");
    return accept(null);
  });
}

/** Makes a number this account's inside a commit. False when another's with a proved CPF already. */
async function takeCns(
  deps: Deps,
  tx: Transaction,
  account: AccountId,
  number: string,
  losing: AccountId | null = null,
): Promise<boolean> {
  const holder = await tx.get(keys.accountByCns(number));
  const isOther = holder !== null && holder !== account && holder !== losing;
  const other = isOther ? await tx.get(keys.account(holder)) : null;
  // One whose proof is gone holds nothing any more.
  if (other?.cns?.number === number && cpfProofOf(deps, other) !== null) return false;
  tx.set(keys.accountByCns(number), account);
  return true;
}

/** Lets go of an account's number inside a commit; one that is another's stays there. */
export async function releaseCns(tx: Transaction, { id, cns }: Account): Promise<void> {
  if (!cns) return;
  const key = keys.accountByCns(cns.number);
  if (await tx.get(key) === id) tx.delete(key);
}

/**
 * The number that an account has declared becomes its own inside the commit that proves its CPF.
 * @param person with the proof
 * @param losing the account that loses its proof in the same commit, and with it the number
 * @returns the account; without the number when another account with a proved CPF has it
 */
export async function proveCns(
  deps: Deps,
  tx: Transaction,
  person: Account,
  { losing = null }: { losing?: Pick<Account, "id"> | null } = {},
): Promise<Account> {
  const { cns, ...rest } = person;
  if (!cns || cpfProofOf(deps, person) === null) return person;
  const taken = await takeCns(deps, tx, person.id, cns.number, losing?.id);
  return taken ? person : rest;
}

/** Each asks something of the register. */
const CONSULTATIONS: Limit = { what: "cns_lookup", attempts: 5, window: 60 * 60_000 };

/**
 * Asks the register about the number that the person has declared, and keeps what it says. When it
 * does not answer everything stays as it was.
 */
export async function consultCns(
  deps: Deps,
  account: AccountId,
): Promise<Result<PersonCns, AccountCode>> {
  if (!deps.config.cns) return refuse("cns_lookup_off");
  const asked = await getAccount(deps, account);
  if (!asked?.cns) return refuse("cns_missing");
  const throttled = await consumeAttempt(deps, CONSULTATIONS, account);
  if (!throttled.ok) return throttled;
  const { number } = asked.cns;
  let answer: CnsAnswer | null;
  try {
    answer = await lookUpCns(deps.config.cns, asked.cpf, number, asked.name);
  } catch (error) {
    // For the operator of the portal; holds nothing of the person.
    log("warning", "cns_not_answered", {}, error);
    return refuse("cns_lookup_down");
  }
  return await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.account(account));
    // Corrected in the meantime: this answer is about another number.
    if (person?.cns?.number !== number) return refuse<AccountCode>("cns_missing");
    const level = person.govbr?.level ?? null;
    const cns = gradeCns(number, { answer, level, now: deps.now() });
    tx.set(keys.account(account), { ...person, cns });
    await auditOwn(deps, tx, person, "cns.consulted", { quality: cns.quality, source: cns.source });
    return accept(cns);
  });
}
