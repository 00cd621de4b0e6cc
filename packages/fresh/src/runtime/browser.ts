import { lockedPath } from "../asset.ts";

// What islands get in the browser for "fresh/runtime": the same names as in mod.ts.

export const IS_BROWSER = true;

/** See `asset` of the server; the build is read from this script's own address. */
export function asset(path: string): string {
  const buildId = /\/_fresh\/js\/([^/]+)\//.exec(import.meta.url)?.[1];
  return buildId ? lockedPath(path, buildId) : path;
}

/** The server has put the children into the head already. */
export function Head(): null {
  return null;
}
