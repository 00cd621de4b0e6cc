import type { AccountCode } from "../../account/messages.ts";
import { consumeAttempt, type Limit, refundAttempt } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import type { Result } from "../../result.ts";

const DAY = 24 * 60 * 60_000;
/** Each request tells administrators in their chats and mailboxes, and may be taken back and made anew. */
const PER_PLACE: Limit = { what: "request_place", attempts: 12, window: DAY };
/** Whoever works for many establishments asks twice at each, for the profile and the computer. */
const PER_PERSON: Limit = { what: "request", attempts: 120, window: DAY };

/**
 * Makes a request of a person at an establishment, unless they have made too many within a day:
 * anybody can register, and each request disturbs people. What is refused does not count.
 */
export async function askWithin<T, C extends string>(
  deps: Deps,
  { cpf, cnes }: { cpf: string; cnes: string },
  ask: () => Promise<Result<T, C>>,
): Promise<Result<T, C | AccountCode>> {
  const counts: [Limit, string][] = [[PER_PLACE, `${cpf} ${cnes}`], [PER_PERSON, cpf]];
  for (const [limit, who] of counts) {
    const throttled = await consumeAttempt(deps, limit, who);
    if (!throttled.ok) return throttled;
  }
  const asked = await ask();
  if (!asked.ok) { for (const [limit, who] of counts) await refundAttempt(deps, limit, who); }
  return asked;
}
