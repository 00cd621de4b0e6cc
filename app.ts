import { App, createDefine, csp, csrf, staticFiles } from "fresh";
import type { Caller } from "@/core/access/caller.ts";
import { handoffOrigins } from "@/core/access/users/grants.ts";
import type { Config } from "@/core/config/mod.ts";
import type { OutboxWorker } from "@/core/outbox/worker.ts";
import type { Deps } from "@/core/deps.ts";
import type { Session } from "@/core/store/records/session.ts";
import { appOptions, contentSecurityPolicy } from "./fresh.config.ts";
import { securityHeaders } from "./http/security_headers.ts";

/** What the app is given from outside: the portal and its ways out. */
export interface AppDeps {
  deps: Deps;
  outbox: OutboxWorker;
  /** Answers `/api/telegram`; null when there is no bot or it polls. */
  telegramWebhook: ((request: Request) => Promise<Response>) | null;
}

/** `ctx.state` of every request. */
export interface State extends AppDeps {
  session: Session | null;
  /** Null when nobody is logged in. */
  caller: Caller | null;
  /** Of the page, for `<title>`. */
  title?: string;
}

export const define = createDefine<State>();

/**
 * The app around a world: outermost what must be on every answer, errors included, then the files of
 * `static/`, then the routes. `extend` adds the pages of the development world to the routes.
 */
export function assemble(
  world: AppDeps,
  extend: (app: App<State>) => void = () => {},
): App<State> {
  const app = new App<State>(appOptions)
    .use(securityHeaders(world.deps.config.origin))
    .use(csp(contentSecurityPolicy(handoffOrigins(world.deps.config.systems))))
    .use(staticFiles())
    .use(csrf({ origin: originsOf(world.deps.config) }))
    .use((ctx) => {
      Object.assign(ctx.state, world, { session: null, caller: null });
      return ctx.next();
    })
    .fsRoutes();
  extend(app);
  return app;
}

/**
 * Whose forms are taken. Named, because behind a proxy that ends TLS a request's own address begins
 * with `http:` and no browser's `Origin` would equal it.
 */
function originsOf({ origin, proxy }: Config): string[] {
  return proxy?.origin ? [origin, proxy.origin] : [origin];
}
