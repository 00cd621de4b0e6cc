import { type Context, page } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";

const STATUS: Partial<Record<AccountCode, number>> = {
  govbr_off: 404,
  govbr_unavailable: 503,
  too_many_attempts: 429,
  govbr_level_too_low: 403,
  person_inactive: 403,
};

/** Trying again changes nothing for these until something else has changed. */
const FINAL: readonly AccountCode[] = ["govbr_off", "person_inactive", "too_many_attempts"];

/** The data of the page that says why gov.br let nobody in. */
export function showGovbrRefusal(ctx: Context<State>, refusal: Refusal<AccountCode>) {
  ctx.state.title = "Entrar com gov.br";
  const raiseLevel = refusal.code === "govbr_level_too_low";
  const mayRetry = !FINAL.includes(refusal.code);
  return page(
    { message: explain(refusal), raiseLevel, mayRetry },
    { status: STATUS[refusal.code] ?? 422 },
  );
}
