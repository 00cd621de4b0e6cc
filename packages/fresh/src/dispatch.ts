import { type Chain, MethodNotAllowed, run } from "./chain.ts";
import type { Routes } from "./commands.ts";
import { Context } from "./context.ts";
import { type ErrorStatus, HttpError } from "./error.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Path } from "./tree.ts";
import type { Middleware, ResolvedFreshConfig } from "./types.ts";

export type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** What handlers are told about the connection when they are called without a server. */
const NO_CONNECTION: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

/**
 * Answers requests from compiled routes. What no route answers goes through the middlewares of the
 * root too: 400 for a malformed escape in the path, 404, and 405 with `Allow`.
 */
export function makeHandler<State>(
  config: ResolvedFreshConfig,
  { router, root, notFound }: Routes<State>,
  snapshot: Snapshot<State> | null,
): Handler {
  const chainTo = (path: Path<State>, end: Middleware<State>): Chain<State> => ({
    path,
    end,
    notFound,
  });

  return async (request, info = NO_CONNECTION) => {
    const url = new URL(request.url);
    // A path such as //evil.example must not get into a redirect.
    if (url.pathname.includes("//")) url.pathname = url.pathname.replace(/\/+/g, "/");
    const { pathname } = url;
    const { method } = request;

    const wellFormed = isWellFormed(pathname);
    const match = wellFormed ? router.match(pathname) : null;
    const targets = match?.entry.targets;
    const target = targets?.get(method) ?? (method === "HEAD" ? targets?.get("GET") : undefined);
    const chain = target !== undefined
      ? chainTo(target, fail(404))
      : targets !== undefined
      ? chainTo(root, otherMethods([...targets.keys()]))
      : chainTo(root, fail(wellFormed ? 404 : 400));

    const ctx = new Context<State>(
      request,
      url,
      info,
      match?.entry.pattern ?? null,
      match?.params ?? {},
      config,
      { scope: root.scope, snapshot, nonce: null },
    );
    const response = await run(ctx, chain, 0);
    if (method !== "HEAD" || response.body === null) return response;
    await response.body.cancel();
    return new Response(null, response);
  };
}

function isWellFormed(pathname: string): boolean {
  if (!pathname.includes("%")) return true;
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function fail<State>(status: ErrorStatus): Middleware<State> {
  return () => {
    throw new HttpError(status);
  };
}

function otherMethods<State>(methods: string[]): Middleware<State> {
  const all = new Set(methods);
  if (all.has("GET")) all.add("HEAD");
  all.add("OPTIONS");
  const allow = [...all].join(", ");
  return ({ req }) => {
    if (req.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
    throw new MethodNotAllowed(allow);
  };
}
