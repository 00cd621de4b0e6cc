import { BUILD_PARAM } from "../asset.ts";
import { type Context, internals } from "../context.ts";
import { scriptPrefix, type Snapshot, type StaticFile } from "../snapshot.ts";
import type { Middleware } from "../types.ts";

const YEAR = 31_536_000;

/**
 * Serves the files of the static folder and the scripts of the islands. Only files that the build
 * listed can be asked for. Addresses of this build (see `asset()`) are kept by browsers for a year;
 * others are checked with their ETag each time.
 */
export function staticFiles<State>(): Middleware<State> {
  return (ctx) => {
    const { snapshot } = internals(ctx);
    const file = snapshot?.files.get(ctx.url.pathname);
    return file === undefined ? ctx.next() : serve(ctx, snapshot!, file);
  };
}

async function serve<State>(
  { req, url }: Context<State>,
  snapshot: Snapshot<State>,
  file: StaticFile,
): Promise<Response> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const headers = new Headers({
    "content-type": file.contentType,
    "cache-control": cacheControl(url, snapshot, file),
    "x-content-type-options": "nosniff",
  });
  if (file.hash !== null) {
    headers.set("etag", `"${file.hash}"`);
    if (matches(req.headers.get("if-none-match"), file.hash)) {
      return new Response(null, { status: 304, headers });
    }
  }
  const body = await file.read();
  headers.set("content-length", String(body.byteLength));
  return new Response(body, { headers });
}

function cacheControl<State>(url: URL, snapshot: Snapshot<State>, file: StaticFile): string {
  if (file.hash === null) return "no-store";
  const ofThisBuild = url.searchParams.get(BUILD_PARAM) === snapshot.buildId ||
    url.pathname.startsWith(scriptPrefix(snapshot.buildId));
  return ofThisBuild ? `public, max-age=${YEAR}, immutable` : "no-cache";
}

/** Weak comparison (RFC 9110, 13.1.2): compressing servers make the tag a weak one. */
function matches(ifNoneMatch: string | null, hash: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch === "*" ||
    ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${hash}"`);
}
