import { type Chain, MethodNotAllowed, run } from "./chain.ts";
import type { Build } from "./build.ts";
import type { Routes } from "./commands.ts";
import type { Exchange, Middleware, ResolvedFreshConfig } from "./context.ts";
import { fail } from "./error.ts";
import { renderPage } from "./render.ts";
import { NO_PARAMS } from "./router.ts";

export type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** What handlers are told about the connection when they are called without a server. */
const NO_CONNECTION: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

/**
 * Answers requests from compiled routes. What no route answers goes through the middlewares of the
 * root too: 400 for a malformed escape in the path, 308 for one slash too many at its end, 404, and
 * 405 with `Allow`.
 */
export function makeHandler<State>(
  config: ResolvedFreshConfig,
  { router, root, notFound }: Routes<State>,
  build: Build | null,
): Handler {
  const fromRoot = (run: Middleware<State>): Chain<State> => ({
    steps: [...root.steps, { run, scope: root.scope }],
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
    const steps = targets?.get(method) ?? (method === "HEAD" ? targets?.get("GET") : undefined);
    const chain = steps !== undefined
      ? { steps, notFound }
      : targets !== undefined
      ? fromRoot(otherMethods([...targets.keys()]))
      : wellFormed && pathname.length > 1 && pathname.endsWith("/") &&
          router.match(pathname.slice(0, -1)) !== null
      ? fromRoot((ctx) => ctx.redirect(pathname.slice(0, -1) + url.search, 308))
      : fromRoot(fail(wellFormed ? 404 : 400));

    const exchange: Exchange<State> = {
      req: request,
      url,
      info,
      route: match?.entry.pattern ?? null,
      params: match?.params ?? NO_PARAMS,
      config,
      state: {} as State,
      build,
      render: renderPage,
      data: undefined,
      error: null,
      nonce: null,
    };
    const response = await run(exchange, chain, 0);
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
