import { define } from "@/app.ts";
import { readComputerProof } from "@/core/account/computer/proof.ts";
import { issueHandoff } from "@/core/handoff/issue.ts";
import { requireCaller } from "@/http/caller.ts";
import { readJson, refuseJson } from "@/http/form.ts";

/**
 * `{ system, cnes, challengeId, jwk, signature }` -> what the browser needs to go on to another
 * system: `{ token, address, audience, issuedAt }`.
 */
export const handler = define.handlers({
  async POST(ctx) {
    const { session } = requireCaller(ctx.state);
    const typed = await readJson(ctx.req);
    const { system, cnes } = Object(typed) as Record<string, unknown>;
    if (typeof system !== "string" || typeof cnes !== "string") {
      return refuseJson({ code: "handoff_malformed" });
    }
    const proof = readComputerProof(typed);
    if (!proof.ok) return refuseJson(proof);
    const issued = await issueHandoff(ctx.state.deps, session, { system, cnes }, proof.data);
    return issued.ok ? Response.json(issued.data) : refuseJson(issued);
  },
});
