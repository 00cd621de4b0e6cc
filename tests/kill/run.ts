import type { Progress } from "@/tools/progress.ts";
import { count, type Counted } from "./count.ts";
import { finish } from "./finish.ts";
import { type Life, live } from "./lives.ts";
import { Load } from "./load.ts";
import { arrivedCards, arrivedMails, findRepeats, type Repeats } from "./repeats.ts";
import { makeWorld } from "./world.ts";

export interface Size {
  kills: number;
  terms: number;
}

export interface Outcome extends Counted {
  acknowledged: number;
  mails: number;
  cards: number;
  repeatedMails: Repeats;
  repeatedCards: Repeats;
  lives: Life[];
}

const PLACES = 6;
/** Changes that are acknowledged in a life. */
const MOST_CHANGES = 24;
/** People who ask at each place, besides one for each life. */
const SPARE = 20;

/**
 * Kills and stops the portal under load, in a random order, and counts what became of what people did.
 * The production build has to be there.
 */
export async function killAndCount({ kills, terms }: Size, progress?: Progress): Promise<Outcome> {
  const total = kills + terms;
  await using world = await makeWorld({ places: PLACES, requests: total + SPARE });
  const signals = shuffled([
    ...Array<Life["signal"]>(kills).fill("SIGKILL"),
    ...Array<Life["signal"]>(terms).fill("SIGTERM"),
  ]);
  const load = new Load(world);
  const lives: Life[] = [];
  for (const signal of signals) {
    const changes = Math.ceil(Math.random() * MOST_CHANGES);
    lives.push(await live(world, signal, () => load.acknowledges(changes)));
    progress?.update(lives.length);
  }
  // One more process: what people were at when the last one ended is answered.
  lives.push(await live(world, "SIGTERM", () => load.end()));
  const deps = await finish(world);
  try {
    const mails = arrivedMails(world.mailbox.messages());
    const cards = arrivedCards(world.telegram.calls);
    return {
      ...await count(deps, world, load.ledger),
      acknowledged: load.ledger.acknowledged,
      mails: mails.length,
      cards: cards.length,
      repeatedMails: findRepeats(mails, lives),
      repeatedCards: findRepeats(cards, lives),
      lives,
    };
  } finally {
    deps.kv.close();
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items.map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b).map(([, item]) => item);
}
