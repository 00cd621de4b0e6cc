import { App, csp, csrf, staticFiles } from "fresh";
import { handoffOrigins } from "@/core/access/users/grants.ts";
import type { Config } from "@/core/config/mod.ts";
import { appOptions, contentSecurityPolicy } from "./fresh.config.ts";
import { limits } from "./http/limits.ts";
import { requestLog } from "./http/request_log.ts";
import { securityHeaders } from "./http/security_headers.ts";
import type { AppDeps, State } from "./http/state.ts";

export { type AppDeps, define, type State } from "./http/state.ts";

/**
 * The app around a world: outermost what must be on every answer, errors included, then the files of
 * `static/`, then the bounds of what is worked on, then the routes. `extend` adds the pages of the development world to the routes.
 */
export function assemble(
  world: AppDeps,
  extend: (app: App<State>) => void = () => {},
): App<State> {
  const app = new App<State>(appOptions)
    .use(requestLog())
    .use(securityHeaders(world.deps.config.origin))
    .use(csp(contentSecurityPolicy(handoffOrigins(world.deps.config.systems))))
    .use(staticFiles())
    .use(limits())
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
