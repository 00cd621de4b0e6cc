import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { parseCns } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { consumeAttempt, type Limit } from "../throttle.ts";
import { gradeCns } from "./grade.ts";

/** The answer tells whether a number is in the portal: not to be asked in bulk. */
const DECLARATIONS: Limit = { what: "cns", attempts: 10, window: 24 * 60 * 60_000 };

/**
 * A person gives the number of their health card, or corrects it. It belongs to one person in the
 * portal; to another person it is refused without a word about whose it is. Given again it stays as
 * it is, with the quality that is known.
 */
export async function declareCns(
  deps: Deps,
  cpf: string,
  typed: string,
): Promise<Result<null, AccountCode>> {
  const number = parseCns(typed);
  if (!number) return refuse("cns_invalid");
  const throttled = await consumeAttempt(deps, DECLARATIONS, cpf);
  if (!throttled.ok) return throttled;
  return await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.person(cpf));
    if (!person?.active) return refuse<AccountCode>("session_ended");
    if (person.cns?.number === number) return accept(null);
    if (!await takeCns(tx, cpf, number)) return refuse<AccountCode>("cns_taken");
    if (person.cns) tx.delete(keys.personByCns(person.cns.number));
    const level = person.govbr?.level ?? null;
    const cns = gradeCns(number, { answer: null, level, now: deps.now() });
    tx.set(keys.person(cpf), { ...person, cns });
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "cns.declared",
      actor: person.id,
      subject: person.id,
    });
    return accept(null);
  });
}

/** Makes a number this person's inside a commit. False when it is another's already. */
export async function takeCns(tx: Transaction, cpf: string, number: string): Promise<boolean> {
  const holder = await tx.get(keys.personByCns(number));
  if (holder && holder !== cpf) return false;
  tx.set(keys.personByCns(number), cpf);
  return true;
}
