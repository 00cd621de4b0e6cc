import type { Load, Outcome } from "./load.ts";

/** What a run must not do; empty when it is as it should be. */
export function whatIsWrong(load: Load, outcome: Outcome): string[] {
  const { requests, decidedOnce, told, toldAgain, cardsAgain, losersAgain, lostAnswers } = outcome;
  const wrong: string[] = [];
  const expect = (what: string, found: number, most: number) => {
    if (found > most) wrong.push(`${what}: ${found}, at most ${most}`);
  };
  expect("requests not decided once", requests - decidedOnce, 0);
  expect("requesters not told", requests - told, 0);
  expect("cards that came nowhere", outcome.cardsMissing, 0);
  expect("cards without the outcome", outcome.cardsStale, 0);
  expect("administrators not told that they came second", outcome.losersMissing, 0);
  expect("dead letters", outcome.deadLetters, 0);
  // What was on its way when the process was killed may come twice: so many are sent at a time.
  expect("mails that came again", toldAgain, load.kills * 4);
  // Telegram took a message and its answer was lost: nobody can know, and it is sent again.
  expect("chat messages that came again", cardsAgain + losersAgain, lostAnswers + load.kills * 24);
  // A chat's pace is counted from the answer of the message before: no jitter can break it.
  if (load.paced && outcome.closestInAChat < 1_000) {
    wrong.push(`two messages in a chat within ${outcome.closestInAChat} ms`);
  }
  return wrong;
}
