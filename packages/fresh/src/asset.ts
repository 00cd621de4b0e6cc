/** The query parameter that binds an address to a build. */
export const BUILD_PARAM = "__frsh_c";

/** Adds the build to a path on this site; other addresses stay as they are. */
export function lockedPath(path: string, buildId: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const url = new URL(path, "http://localhost");
  if (url.searchParams.has(BUILD_PARAM)) return path;
  url.searchParams.set(BUILD_PARAM, buildId);
  return url.pathname + url.search + url.hash;
}

let buildId: string | null = null;
const kept = new Map<string, string>();
/** A bound, as a page may make paths of what a request says. */
const MOST_KEPT = 1_000;

/** Says which build's files this process serves. */
export function setBuildId(id: string): void {
  buildId = id;
  kept.clear();
}

/**
 * The address of a static file for this build, which browsers may keep for a year.
 *
 * @param path a path on this site, e.g. `/styles.css`; other addresses are given back as they are
 * @example
 * <link rel="stylesheet" href={asset("/styles.css")} />
 */
export function asset(path: string): string {
  if (buildId === null) return path;
  let address = kept.get(path);
  if (address === undefined) {
    if (kept.size === MOST_KEPT) kept.clear();
    address = lockedPath(path, buildId);
    kept.set(path, address);
  }
  return address;
}
