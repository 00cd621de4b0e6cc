import type { Context } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { NEXT_PAGE } from "./certificate_entry.ts";
import { startOfStep } from "./first_access.ts";

/** Where somebody belongs who asked for a page of the registration that is not theirs now. */
export function startOfRegistration(ctx: Context<State>, refusal: Refusal<AccountCode>): Response {
  const { session } = ctx.state;
  const state = session?.state.kind === "visiting" ? session.state : null;
  // Back from the password's page to a registration that is done.
  const done = state?.certificate?.operadora && !state.firstAccess;
  if (refusal.code === "step_out_of_order" && done) {
    return ctx.redirect(NEXT_PAGE.password, 303);
  }
  return startOfStep(ctx, refusal);
}
