import { define } from "@/app.ts";
import { createComputerChallenge, readComputerPurpose } from "@/core/account/computer/proof.ts";
import { requireCaller } from "@/http/caller.ts";
import { readJson, refuseJson } from "@/http/form.ts";

/** `{ purpose }` -> `{ id, text, expiresAt }`: a text for the computer's key to sign. */
export const handler = define.handlers({
  async POST(ctx) {
    const { session } = requireCaller(ctx.state);
    const typed = Object(await readJson(ctx.req));
    const purpose = readComputerPurpose(typed.purpose);
    if (!purpose) return refuseJson({ code: "computer_purpose_unknown" });
    const asked = { purpose, sessionId: session.id };
    return Response.json(createComputerChallenge(ctx.state.deps, asked));
  },
});
