import type { Middleware } from "fresh";
import type { State } from "./state.ts";
import { reasonOf, turnAway } from "./turn_away.ts";
import { setWorkTime } from "./work_time.ts";

/** Asked by what watches the portal, most of all when it is busy; they cost next to nothing. */
const PROBES = ["/saude/vivo", "/saude/pronto"];

/** What the server says of a request that came after the stop had begun (`tools/drain.ts`). */
export interface StoppingInfo extends Deno.ServeHandlerInfo {
  stopping?: boolean;
}

export interface RequestBounds {
  /** Requests that are worked on at the same time; those whose body is waited for not counted. */
  most?: number;
  /** Milliseconds of work after which a request is answered with 503. */
  deadline?: number;
}

/**
 * Bounds what is in the portal at one time, and how long it takes. Beyond, during a stop, and for what
 * had no room or no time further in (`Overloaded`) or came in maintenance, the answer is `turnAway`. Work that is late goes on, since
 * nothing can stop it, and keeps its place until it ends: a store that hangs fills the places, and then
 * all others are turned away at once instead of waiting.
 *
 * The defaults: 256 requests are two seconds of a core's work; no page waits for more than 3 s.
 */
export function limits(
  { most = 256, deadline = 20_000 }: RequestBounds = {},
): Middleware<State> {
  let working = 0;
  return async (ctx) => {
    if (!PROBES.includes(ctx.url.pathname)) {
      if ((ctx.info as StoppingInfo).stopping) return turnAway(ctx.url, "stopping");
      if (working >= most) return turnAway(ctx.url, "requests");
    }
    const late = Promise.withResolvers<null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let since = 0;
    let left = deadline;
    const begin = () => {
      working++;
      since = performance.now();
      timer = setTimeout(() => late.resolve(null), left);
    };
    const end = () => {
      working--;
      clearTimeout(timer);
      left -= performance.now() - since;
    };
    setWorkTime(ctx.req, { pause: end, resume: begin });
    begin();
    const answer = ctx.next().finally(end);
    const response = await Promise.race([answer, late.promise]);
    if (response === null) {
      answer.then((unwanted) => unwanted.body?.cancel()).catch(() => {});
      return turnAway(ctx.url, "deadline");
    }
    const reason = reasonOf(ctx.error);
    if (reason === null) return response;
    await response.body?.cancel();
    return turnAway(ctx.url, reason);
  };
}
