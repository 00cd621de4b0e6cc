import type { Context } from "fresh";
import { setCookie } from "@std/http";
import type { State } from "./state.ts";
import { SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";

/** The token in the session cookie, or null. Other cookies may be as malformed as they like. */
export function readSessionCookie(request: Request): string | null {
  for (const pair of request.headers.get("cookie")?.split(";") ?? []) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === SESSION_COOKIE) return value?.trim() || null;
  }
  return null;
}

/** Gives the browser a session. It ends with the browser, or with the session, whichever is first. */
export async function setSessionCookie(
  response: Response,
  deps: Deps,
  session: Session,
): Promise<Response> {
  setCookie(response.headers, { ...ATTRIBUTES, value: await sessionToken(deps, session) });
  return response;
}

/**
 * The answer to a sign-in: on to the invitation shown before, to the page that the person came for, the
 * panel, or the choice of an operadora.
 */
export async function letIn(
  ctx: Context<State>,
  session: Session<LoggedIn>,
  wanted: string | null = null,
): Promise<Response> {
  const { invitation, operadora } = session.state;
  const usual = operadora ? "/painel" : "/operadoras";
  const next = invitation ? `/convites/${invitation.id}` : wanted ?? usual;
  return await setSessionCookie(ctx.redirect(next, 303), ctx.state.deps, session);
}

export function clearSessionCookie(response: Response): Response {
  setCookie(response.headers, { ...ATTRIBUTES, value: "", maxAge: 0 });
  return response;
}

/** `Lax`, so that a link in an e-mail arrives with the session; forms are guarded by `csrf()`. */
const ATTRIBUTES = {
  name: SESSION_COOKIE,
  path: "/",
  secure: true,
  httpOnly: true,
  sameSite: "Lax",
} as const;
