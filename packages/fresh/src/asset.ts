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
