import { closeSync, openSync } from "node:fs";

/**
 * How many descriptors are opened to count. As many must be free at least: `node:https`, mail, the bot and
 * the files of the build need some beside the connections.
 */
const PROBES = 64;

const FILE = new URL("../../deno.json", import.meta.url);

/**
 * How many files and sockets the process has open, or null when fewer than 64 more could be opened.
 *
 * The system gives each new one the lowest number that is free. So the last number of 64 that are opened
 * tells how many below it are taken; those above it are not seen. (`/proc/self/fd` would tell all, but
 * the runtime shows it only to a process that may do everything.)
 */
export function openDescriptors(): number | null {
  const opened: number[] = [];
  try {
    for (let i = 0; i < PROBES; i++) opened.push(openSync(FILE, "r"));
    return Math.max(...opened) + 1 - PROBES;
  } catch {
    return null;
  } finally {
    opened.forEach(closeSync);
  }
}
