import type { Progress } from "@/tools/progress.ts";
import { count, type Counted } from "./count.ts";
import { finish } from "./finish.ts";
import { type Life, live } from "./lives.ts";
import { Load } from "./load.ts";
import { repeatedMails, type Repeats } from "./repeats.ts";
import { makeWorld } from "./world.ts";

export interface Size {
  kills: number;
  terms: number;
}

export interface Outcome extends Counted {
  acknowledged: number;
  mails: number;
  repeats: Repeats;
  lives: Life[];
}

const PLACES = 6;
/** Of each place and life: more than are made in one. */
const ASKED = 3;

/**
 * Kills and stops the portal under load, in a random order, and counts what became of what people did.
 * The production build has to be there.
 */
export async function killAndCount({ kills, terms }: Size, progress?: Progress): Promise<Outcome> {
  const total = kills + terms;
  await using world = await makeWorld(PLACES, Math.ceil(total * ASKED) + 10);
  const signals = shuffled([
    ...Array<Life["signal"]>(kills).fill("SIGKILL"),
    ...Array<Life["signal"]>(terms).fill("SIGTERM"),
  ]);
  const load = new Load(world);
  const lives: Life[] = [];
  for (const signal of signals) {
    lives.push(await live(world, signal));
    progress?.update(lives.length);
  }
  // One more process: what people were at when the last one ended is answered.
  const ended = load.end();
  lives.push(await live(world, "SIGTERM", ended));
  const deps = await finish(world);
  try {
    const mails = world.mailbox.messages();
    const { acknowledged } = load.ledger;
    const repeats = repeatedMails(mails, lives);
    const counted = await count(deps, world, load.ledger);
    return { ...counted, acknowledged, mails: mails.length, repeats, lives };
  } finally {
    deps.kv.close();
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items.map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b).map(([, item]) => item);
}
