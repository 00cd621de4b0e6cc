import { ifNoneMatch } from "@std/http/etag";
import { BUILD_PARAM } from "../asset.ts";
import { type Build, type Encoding, ENCODINGS, scriptPrefix, type StaticFile } from "../build.ts";
import { type Context, exchangeOf, type Middleware } from "../context.ts";

const YEAR = 31_536_000;

/**
 * Serves the files of the static folder and the scripts of the islands. Only files that the build
 * listed can be asked for. Addresses of this build (see `asset()`) are kept by browsers for a year;
 * others are checked with their ETag each time. What the build compressed is sent so to those who
 * accept it.
 */
export function staticFiles<State>(): Middleware<State> {
  return (ctx) => {
    const { build } = exchangeOf(ctx);
    const file = build?.files.get(ctx.url.pathname);
    return file === undefined ? ctx.next() : serve(ctx, build!, file);
  };
}

async function serve<State>(
  { req, url }: Context<State>,
  build: Build,
  file: StaticFile,
): Promise<Response> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const headers = new Headers({
    "content-type": file.contentType,
    "cache-control": cacheControl(url, build, file),
    "x-content-type-options": "nosniff",
  });
  const available = ENCODINGS.filter((encoding) => file.readers[encoding] !== undefined);
  const encoding = bestEncoding(req.headers.get("accept-encoding"), available);
  if (available.length > 1) headers.set("vary", "accept-encoding");
  if (file.hash !== null) {
    // Each encoding has its own tag (RFC 9110, 8.8.3.3).
    const etag = encoding === "identity" ? `"${file.hash}"` : `"${file.hash}-${encoding}"`;
    headers.set("etag", etag);
    // By weak comparison (RFC 9110, 13.1.2): compressing servers make the tag a weak one.
    if (!ifNoneMatch(req.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
  }
  if (encoding !== "identity") headers.set("content-encoding", encoding);
  const body = await file.readers[encoding]!();
  headers.set("content-length", String(body.byteLength));
  return new Response(body, { headers });
}

function cacheControl(url: URL, build: Build, file: StaticFile): string {
  if (file.hash === null) return "no-store";
  const ofThisBuild = url.searchParams.get(BUILD_PARAM) === build.id ||
    url.pathname.startsWith(scriptPrefix(build.id));
  return ofThisBuild ? `public, max-age=${YEAR}, immutable` : "no-cache";
}

/**
 * The available encoding with the highest weight in `Accept-Encoding` (RFC 9110, 12.5.3), of equal
 * ones the first. One that is not named counts as `*` says, else as refused; `identity` as accepted
 * when nothing else is, also where it is refused: a file is better than a 406.
 */
export function bestEncoding(accept: string | null, available: readonly Encoding[]): Encoding {
  const weights = new Map<string, number>();
  for (const item of accept?.toLowerCase().split(",") ?? []) {
    const [name, ...parameters] = item.split(";").map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(name!, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  let best: Encoding = "identity";
  let highest = 0;
  for (const encoding of available) {
    const weight = weights.get(encoding) ?? weights.get("*") ?? 0;
    if (weight <= highest) continue;
    best = encoding;
    highest = weight;
  }
  return best;
}
