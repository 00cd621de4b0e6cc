import type { Deps } from "../deps.ts";
import type { Reach, UserOfOperadora } from "../store/records/access.ts";
import type { Account } from "../store/records/account.ts";
import type { Standing } from "../store/records/session.ts";
import { cpfProofOf } from "./proof.ts";

/** What a person shows to act as an account, or what acts in its name. */
export type Credential =
  | "password"
  | "telegram"
  | "computer"
  /** Open sessions, codes that were sent, links that undo a change. */
  | "sessions";

/** What happens to an account that its credentials have to do with. */
export type Occasion =
  /** gov.br, or an e-CPF, has proved the CPF of the account. */
  | "joined"
  /** A new password was set with a code that went to the confirmed address. */
  | "recovered"
  /** The person has said that somebody else may be in, or an address was taken back. */
  | "protected"
  /** Another account has proved the CPF, or gov.br no longer stands behind it. */
  | "proof_lost"
  /** An operadora has ended the tie. */
  | "tie_ended";

/**
 * - `stays`: as it was.
 * - `shown`: it speaks for the proof when it was shown on this very occasion, else not until it is
 *   confirmed again.
 * - `unconfirmed`: it does not speak for the proof until it is confirmed again, by itself.
 * - `limited`: the new one opens only what names the addresses that were read to set it.
 * - `ends`: it is gone. Of `sessions`: all but the one in which it happens, where that goes on.
 * - `looked_up`: nothing is written; what it may do is looked up at each use.
 */
export type Effect = "stays" | "shown" | "unconfirmed" | "limited" | "ends" | "looked_up";

/**
 * What happens to each credential on each occasion. The numbers of the proof bring about `shown` and
 * `unconfirmed`: an occasion that has one of them raises `proofNumber`. A credential keeps no power
 * that this table does not leave it.
 */
export const EFFECTS: Readonly<Record<Occasion, Readonly<Record<Credential, Effect>>>> = {
  joined: {
    password: "shown",
    telegram: "unconfirmed",
    computer: "stays",
    sessions: "ends",
  },
  recovered: {
    password: "limited",
    telegram: "ends",
    computer: "stays",
    sessions: "ends",
  },
  protected: {
    password: "ends",
    telegram: "ends",
    computer: "stays",
    sessions: "ends",
  },
  proof_lost: {
    password: "stays",
    telegram: "looked_up",
    computer: "looked_up",
    sessions: "ends",
  },
  tie_ended: {
    password: "stays",
    telegram: "looked_up",
    computer: "looked_up",
    sessions: "looked_up",
  },
};

/** The number of no proof: a credential confirmed under it speaks for none. */
export const NO_PROOF = -1;

/**
 * Does a credential speak for the proof of the account's CPF? Only while the proof counts
 * (`cpfProofOf`), and only one that was confirmed since the CPF was proved last: what was there before
 * may be somebody else's.
 *
 * @param holder a session, or whatever has stored the number at its own confirmation
 */
export function speaksForProof(
  deps: Pick<Deps, "config">,
  person: Pick<Account, "proof" | "proofNumber">,
  { confirmedUnder }: { confirmedUnder: number },
): boolean {
  return cpfProofOf(deps, person) !== null && confirmedUnder === person.proofNumber;
}

/**
 * Does a session open what names this address, a tie or a membership? One that was begun with a
 * recovered password opens only what names an address that was read for it.
 *
 * @param mailbox null when none is named
 */
export function opensMailbox(
  { mailboxes }: Pick<Standing, "mailboxes">,
  mailbox: string | null,
): boolean {
  return mailboxes === null || (mailbox !== null && mailboxes.includes(mailbox));
}

/**
 * Does a session, or a chat, open what an account has come to? What was reached by the proof of the CPF
 * takes a credential that speaks for the proof, or one that has read the mailbox that was named. The
 * rest takes one that may open this mailbox, and that was confirmed at least as late as the one by which
 * it was reached: one of before a proof may be somebody else's, and has shown nothing of this.
 */
export function opensReached(
  deps: Pick<Deps, "config">,
  { mailbox, reached: { by, under } }: { mailbox: string; reached: Reach },
  person: Account,
  standing: Standing,
): boolean {
  const { mailboxes, confirmedUnder } = standing;
  if (mailboxes?.includes(mailbox)) return true;
  if (by === "proof") return speaksForProof(deps, person, standing);
  return mailboxes === null && (under <= 0 || confirmedUnder >= under);
}

/** Does a session, or a chat, open a tie of its account? */
export function opensTie(
  deps: Pick<Deps, "config">,
  { email, reached }: Pick<UserOfOperadora, "email" | "reached">,
  person: Account,
  standing: Standing,
): boolean {
  return opensReached(deps, { mailbox: email, reached }, person, standing);
}

/** What is not there any more speaks for nothing and opens nothing. */
export const NO_STANDING: Standing = { confirmedUnder: NO_PROOF, mailboxes: [] };
