import { define } from "@/app.ts";
import { loadCaller } from "@/core/access/caller.ts";
import { endSession, type LoggedIn, readSession, type Session } from "@/core/account/session.ts";
import { readSessionCookie, takeSession } from "@/http/cookie.ts";

/** Finds out who is asking. A cookie that is worth nothing any more is taken back. */
const identify = define.middleware(async (ctx) => {
  const { state } = ctx;
  const token = readSessionCookie(ctx.req);
  if (!token) return await ctx.next();
  const session = await readSession(state.portal, token);
  if (session?.state.kind === "person") {
    state.caller = await loadCaller(state.portal, session as Session<LoggedIn>);
    if (!state.caller) await endSession(state.portal, session);
    else state.session = session;
  } else {
    state.session = session;
  }
  const response = await ctx.next();
  const known = state.session !== null || response.headers.has("set-cookie");
  return known ? response : takeSession(response);
});

/** What is answered to one person is kept by no cache; what was decided is sent on its way. */
const afterwards = define.middleware(async (ctx) => {
  const response = await ctx.next();
  if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store");
  if (ctx.req.method === "POST") ctx.state.outbox.kick();
  return response;
});

export default [afterwards, identify];
