import type { Context } from "fresh";
import { pageOf } from "@/core/onboarding/steps.ts";
import type { PasswordLogin } from "@/core/signin/password.ts";
import { letIn, setSessionCookie } from "./cookie.ts";
import type { State } from "./state.ts";

const PAGES = {
  account: "/entrar/conta",
  code: "/entrar/codigo",
} as const;

/**
 * The answer to a password: in, or on to what is still asked. Who came to prove their CPF with an e-CPF
 * (`?comprovar`, carried from page to page) is led there.
 */
export async function goOn(ctx: Context<State>, login: PasswordLogin): Promise<Response> {
  const proving = ctx.url.searchParams.has("comprovar");
  if (login.next === "logged_in") {
    return await letIn(ctx, login.session, proving ? "/conta/cpf" : null);
  }
  const next = login.next === "first_access"
    ? pageOf(login.session.state.onboarding!)
    : PAGES[login.next] + (proving ? "?comprovar" : "");
  const page = ctx.redirect(next, 303);
  return await setSessionCookie(page, ctx.state.deps, login.session);
}
