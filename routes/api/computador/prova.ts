import { define } from "@/app.ts";
import {
  proveComputer,
  readComputerProof,
  readComputerPurpose,
} from "@/core/account/computer/proof.ts";
import { requireCaller } from "@/http/caller.ts";
import { readJson, refuseJson } from "@/http/form.ts";

/**
 * `{ purpose, challengeId, jwk, signature }` -> `{ thumbprint }`: the session knows its computer from
 * here on. A proof for a hand-off goes to the hand-off.
 */
export const handler = define.handlers({
  async POST(ctx) {
    const { session } = requireCaller(ctx.state);
    const typed = await readJson(ctx.req);
    const proof = readComputerProof(typed);
    if (!proof.ok) return refuseJson(proof);
    const purpose = readComputerPurpose(Object(typed).purpose);
    if (!purpose || purpose === "handoff") return refuseJson({ code: "computer_purpose_unknown" });
    const proven = await proveComputer(ctx.state.deps, session, { ...proof.data, purpose });
    if (!proven.ok) return refuseJson(proven, proven.code === "session_ended" ? 401 : 422);
    return Response.json({ thumbprint: proven.data.state.computer });
  },
});
