import { define } from "@/app.ts";
import { refuseJson } from "./form.ts";

/** As for the pages behind the login; a script is told what is wrong instead of being led away. */
export const insideForScripts = define.middleware((ctx) => {
  const { caller } = ctx.state;
  if (!caller) return refuseJson({ code: "session_ended" }, 401);
  if (!caller.termsAccepted) return refuseJson({ code: "terms_not_accepted" }, 403);
  return ctx.next();
});
