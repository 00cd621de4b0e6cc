import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { PersonCns } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { getPerson } from "../person.ts";
import { consumeAttempt, type Limit } from "../throttle.ts";
import { gradeCns } from "./grade.ts";
import { type CnsAnswer, lookUpCns } from "./lookup.ts";

/** Each asks something of the register. */
const CONSULTATIONS: Limit = { what: "cns_lookup", attempts: 5, window: 60 * 60_000 };

/**
 * Asks the register about the number that the person has declared, and keeps what it says. When it
 * does not answer everything stays as it was.
 */
export async function consultCns(
  deps: Deps,
  cpf: string,
): Promise<Result<PersonCns, AccountCode>> {
  if (!deps.config.cns) return refuse("cns_lookup_off");
  const asked = await getPerson(deps, cpf);
  if (!asked?.cns) return refuse("cns_missing");
  const throttled = await consumeAttempt(deps, CONSULTATIONS, cpf);
  if (!throttled.ok) return throttled;
  const { number } = asked.cns;
  let answer: CnsAnswer | null;
  try {
    answer = await lookUpCns(deps.config.cns, cpf, number, asked.name);
  } catch (error) {
    // For the operator of the portal; holds nothing of the person.
    console.error("CNS:", error instanceof Error ? `${error.name} ${error.message}` : error);
    return refuse("cns_lookup_down");
  }
  return await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.person(cpf));
    // Corrected in the meantime: this answer is about another number.
    if (person?.cns?.number !== number) return refuse<AccountCode>("cns_missing");
    const level = person.govbr?.level ?? null;
    const cns = gradeCns(number, { answer, level, now: deps.now() });
    tx.set(keys.person(cpf), { ...person, cns });
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "cns.consulted",
      actor: person.id,
      subject: person.id,
      detail: { quality: cns.quality, source: cns.source },
    });
    return accept(cns);
  });
}
