import type { KeyRotation, StoredKey } from "../store/records/handoff.ts";

const HOUR = 60 * 60_000;

/** How long a key signs. */
export const SIGNS_FOR = 90 * 24 * HOUR;
/** How long a key is published before it signs: target systems keep the set for a while. */
export const PUBLISHED_BEFORE = 24 * HOUR;
/** How long a key stays published after another has taken its place. */
export const PUBLISHED_AFTER = HOUR;

/** The key that signs now: the one whose time has come last. */
export function currentOf(rotation: KeyRotation, now: number): StoredKey | null {
  return rotation.findLast(({ signsFrom }) => signsFrom <= now) ?? null;
}

/** What is published: the current key, the next one, and those retired a short time ago. */
export function publishedOf(rotation: KeyRotation, now: number): StoredKey[] {
  return rotation.filter((_, index) => {
    const successor = rotation[index + 1];
    return !successor || now < successor.signsFrom + PUBLISHED_AFTER;
  });
}

/**
 * When a key to be made now would begin to sign, or null when none is needed. The first one signs at
 * once, since nobody can have kept a set without it; every other one is published before it signs,
 * however late it is made.
 */
export function dueKey(rotation: KeyRotation, now: number): number | null {
  const last = rotation.at(-1);
  if (!last) return now;
  const planned = last.signsFrom + SIGNS_FOR;
  return now < planned - PUBLISHED_BEFORE ? null : Math.max(planned, now + PUBLISHED_BEFORE);
}
