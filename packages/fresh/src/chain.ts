import { Context, type Exchange, type Route, type Scope } from "./context.ts";
import { fail, HttpError, plainError } from "./error.ts";
import { renderRoute } from "./render.ts";
import { limited, type Step } from "./tree.ts";

/** The path has a route, but not for this method; `allow` lists those that it has. */
export class MethodNotAllowed extends HttpError {
  constructor(readonly allow: string) {
    super(405);
  }
}

/** The steps of a request, the last of which passes it on no further. */
export interface Chain<State> {
  steps: readonly Step<State>[];
  /** The page for "not found". */
  notFound: Route<State> | null;
}

/**
 * Runs the steps of a chain from `index` on. It never rejects: what a step throws becomes an error
 * response right there, so that the middlewares around it still add their headers to it.
 */
export async function run<State>(
  exchange: Exchange<State>,
  chain: Chain<State>,
  index: number,
): Promise<Response> {
  const step = chain.steps[index]!;
  let passedOn = false;
  const next = () => {
    // What came after would run again, and what has already been answered twice.
    if (passedOn) throw new Error("ctx.next() was called a second time by one middleware");
    passedOn = true;
    return run(exchange, chain, index + 1);
  };
  try {
    return withMutableHeaders(await step.run(new Context(exchange, step.scope, next)));
  } catch (error) {
    const response = await recover(exchange, chain, step.scope, error);
    if (error instanceof MethodNotAllowed) response.headers.set("allow", error.allow);
    return response;
  }
}

/** The "not found" page for a 404, else the nearest error page that does not fail itself. */
async function recover<State>(
  exchange: Exchange<State>,
  { notFound }: Chain<State>,
  scope: Scope<State>,
  thrown: unknown,
): Promise<Response> {
  const pages = [...scope.errorPages];
  if (notFound !== null && statusOf(thrown) === 404) {
    pages.unshift({ page: notFound, scope: limited(scope, notFound.config) });
  }
  exchange.error = thrown;
  for (const { page, scope } of pages) {
    report(exchange, page);
    try {
      const ctx = new Context(exchange, scope, fail(404));
      return withMutableHeaders(await renderRoute(ctx, page, statusOf(exchange.error)));
    } catch (failure) {
      exchange.error = failure;
    }
  }
  report(exchange, null);
  return plainError(exchange.error);
}

function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}

/** Faults are logged, except in production where an error page is there to do it. */
function report<State>({ error, config }: Exchange<State>, page: Route<State> | null): void {
  if (statusOf(error) < 500 || (page !== null && config.mode === "production")) return;
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
