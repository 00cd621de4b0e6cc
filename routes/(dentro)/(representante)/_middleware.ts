import { HttpError } from "fresh";
import { define } from "@/app.ts";

/** Only for the legal representative, in by the certificate of the operadora. */
export default define.middleware((ctx) => {
  if (!ctx.state.caller?.isRepresentative) throw new HttpError(403);
  return ctx.next();
});
