import { type Context, internals } from "./context.ts";
import { HttpError, plainError } from "./error.ts";
import { renderRoute } from "./render_route.ts";
import type { Path, Scope } from "./tree.ts";
import type { Middleware, Route } from "./types.ts";

/** The path has a route, but not for this method; `allow` lists those that it has. */
export class MethodNotAllowed extends HttpError {
  constructor(readonly allow: string) {
    super(405);
  }
}

/** A path with what is at its end, and the page for "not found". */
export interface Chain<State> {
  path: Path<State>;
  end: Middleware<State>;
  notFound: Route<State> | null;
}

/**
 * Runs the steps of a chain from `index` on. It never rejects: what a step throws becomes an error
 * response right there, so that the middlewares around it still add their headers to it.
 */
export async function run<State>(
  ctx: Context<State>,
  chain: Chain<State>,
  index: number,
): Promise<Response> {
  const inner = internals(ctx);
  const outerScope = inner.scope;
  const step = chain.path.steps[index];
  const scope = step === undefined ? chain.path.scope : step.scope;
  inner.scope = scope;
  ctx.next = () => run(ctx, chain, index + 1);
  try {
    const response = await (step === undefined ? chain.end(ctx) : step.run(ctx));
    return withMutableHeaders(response);
  } catch (error) {
    const response = await recover(ctx, chain, scope, error);
    if (error instanceof MethodNotAllowed) response.headers.set("allow", error.allow);
    return response;
  } finally {
    inner.scope = outerScope;
  }
}

/** The "not found" page for a 404, else the nearest error page that does not fail itself. */
async function recover<State>(
  ctx: Context<State>,
  chain: Chain<State>,
  scope: Scope<State>,
  thrown: unknown,
): Promise<Response> {
  const inner = internals(ctx);
  const pages = [...scope.errorPages];
  if (chain.notFound !== null && statusOf(thrown) === 404) {
    pages.unshift({ page: chain.notFound, scope });
  }

  let error = thrown;
  for (const { page, scope } of pages) {
    report(ctx, error, page);
    ctx.error = error;
    inner.scope = scope;
    try {
      return withMutableHeaders(await renderRoute(ctx, page, statusOf(error)));
    } catch (failure) {
      error = failure;
    }
  }
  report(ctx, error, null);
  ctx.error = error;
  return plainError(error);
}

function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}

/** Faults are logged, except in production where an error page is there to do it. */
function report<State>(ctx: Context<State>, error: unknown, page: Route<State> | null): void {
  if (statusOf(error) < 500 || (page !== null && ctx.config.mode === "production")) return;
  console.error(error);
}

/**
 * Responses of `fetch` and `Response.redirect` refuse changes of their headers; middlewares must be
 * able to add theirs to any response.
 *
 * @throws {TypeError} when a handler returned something else than a response
 */
function withMutableHeaders(response: Response): Response {
  if (!(response instanceof Response)) {
    throw new TypeError(`Expected a Response but got: ${response}`);
  }
  try {
    response.headers.delete("x-fresh-probe");
    return response;
  } catch {
    const { body, status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  }
}
