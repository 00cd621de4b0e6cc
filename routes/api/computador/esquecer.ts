import { define } from "@/app.ts";
import { forgetComputer } from "@/core/account/computer/proof.ts";
import { requireCaller } from "@/http/caller.ts";

/** The browser says that it has no key any more: the session forgets its computer. */
export const handler = define.handlers({
  async POST(ctx) {
    await forgetComputer(ctx.state.deps, requireCaller(ctx.state).session);
    return Response.json({});
  },
});
