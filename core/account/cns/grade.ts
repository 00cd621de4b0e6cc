import type { GovbrLevel, PersonCns } from "../../store/records/account.ts";
import { reaches } from "../../signin/govbr/level.ts";
import type { CnsAnswer } from "./lookup.ts";

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
