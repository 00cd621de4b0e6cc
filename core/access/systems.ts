import type { System } from "../config/mod.ts";

export function isSystem(systems: readonly System[], id: string): boolean {
  return systems.some((system) => system.id === id);
}

/** The origins that people are handed off to, each once; they are the audiences of the tokens. */
export function handoffOrigins(systems: readonly System[]): string[] {
  const origins = systems.flatMap(({ access, address }) =>
    access === "steps" && address ? [new URL(address).origin] : []
  );
  return [...new Set(origins)];
}
