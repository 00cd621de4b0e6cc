import { HttpError } from "fresh";
import { define } from "@/app.ts";
import { loadCaller } from "@/core/access/caller.ts";
import { endSession, isLoggedIn, readVisit } from "@/core/account/session.ts";
import { MaintenanceError } from "@/core/store/transact.ts";
import { agentOf } from "@/http/caller.ts";
import { clearSessionCookie, readSessionCookie } from "@/http/cookie.ts";

/**
 * Longer than any part of an address of the portal. What is in one becomes part of a key of the store
 * (2 KiB), in which it is no longer than as it came.
 */
const LONGEST_PART = 1_800;

const measure = define.middleware((ctx) => {
  const { pathname, search } = ctx.url;
  const tooLong = [pathname, ...search.split("&")].some(({ length }) => length > LONGEST_PART);
  if (tooLong) throw new HttpError(400);
  return ctx.next();
});

/** How the portal is can be asked when the store is away: these pages are the same for everybody. */
const ANONYMOUS = /^\/saude(\/|$)/;

/**
 * Finds out whose request it is. A cookie that is worth nothing any more is taken back. In maintenance
 * what would change something is turned away at once; without a session, when it comes to the commit.
 */
const identify = define.middleware(async (ctx) => {
  const { state } = ctx;
  const token = ANONYMOUS.test(ctx.url.pathname) ? null : readSessionCookie(ctx.req);
  if (!token) return await ctx.next();
  const { session, maintenance } = await readVisit(state.deps, token, agentOf(ctx.req));
  if (maintenance && !["GET", "HEAD"].includes(ctx.req.method)) throw new MaintenanceError();
  if (session && isLoggedIn(session)) {
    state.caller = await loadCaller(state.deps, session);
    if (!state.caller) await endSession(state.deps, session);
    else state.session = session;
  } else {
    state.session = session;
  }
  const response = await ctx.next();
  const known = state.session !== null || response.headers.has("set-cookie");
  // What a cache keeps for every browser must not end the session of one.
  const shared = response.headers.get("cache-control")?.includes("public");
  return known || shared ? response : clearSessionCookie(response);
});

/** What is answered to one person is kept by no cache; what was decided is sent on its way. */
const afterwards = define.middleware(async (ctx) => {
  const response = await ctx.next();
  if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store");
  if (ctx.req.method === "POST") ctx.state.outbox.notify();
  return response;
});

export default [afterwards, measure, identify];
