import type { Middleware } from "fresh";
import {
  log,
  requestDuration,
  type RunningRequest,
  storeTrips,
  withinRequest,
} from "@/core/log/mod.ts";
import type { State } from "./state.ts";

/** What a proxy may have named a request: nothing that could be more than a name in a log. */
const GIVEN = /^[A-Za-z0-9_.-]{8,64}$/;

/**
 * Gives every request an id, the one in `x-request-id` when a proxy has named it; it is in all that is
 * logged meanwhile and in the answer. Logs and measures each request with its route, never with its address, in
 * which there may be what a person typed. Files of `static/` that were found are left out.
 */
export function requestLog(): Middleware<State> {
  return (ctx) => {
    const given = ctx.req.headers.get("x-request-id");
    const id = given && GIVEN.test(given) ? given : crypto.randomUUID();
    const request: RunningRequest = { id, trips: 0, waiting: 0 };
    return withinRequest(request, async () => {
      const started = performance.now();
      const response = await ctx.next();
      response.headers.set("x-request-id", id);
      const { status } = response;
      const ms = Math.round(10 * (performance.now() - started)) / 10;
      const { route, req: { method } } = ctx;
      if (route === null && status < 400) return response;
      requestDuration.record(ms / 1_000, {
        "http.request.method": method,
        "http.response.status_code": status,
        ...(route !== null && { "http.route": route }),
      });
      storeTrips.record(request.trips, { ...(route !== null && { "http.route": route }) });
      log("info", "request", { method, route, status, ms, trips: request.trips });
      return response;
    });
  };
}
