import { define } from "@/app.ts";

/** Only for those who are logged in and have accepted the terms in force. */
export default define.middleware((ctx) => {
  const { caller } = ctx.state;
  if (!caller) return ctx.redirect("/entrar?fim", 303);
  if (!caller.termsAccepted && ctx.url.pathname !== "/termos") return ctx.redirect("/termos", 303);
  return ctx.next();
});
