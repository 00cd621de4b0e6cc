import { define } from "@/app.ts";
import { type Readiness, readiness } from "@/core/health/readiness.ts";

const TEXTS: Record<Readiness, string> = {
  ready: "pronto",
  stopping: "parando",
  store: "o banco de dados não responde",
};
/** Seconds. */
const RETRY_AFTER = 5;

/** For load balancers: 503 while the process stops, and when the store takes no changes. */
export const handler = define.handlers({
  async GET(ctx) {
    const state = await readiness(ctx.state.deps, ctx.state.stopping);
    const headers = new Headers({ "cache-control": "no-store" });
    if (state !== "ready") headers.set("retry-after", String(RETRY_AFTER));
    return new Response(`${TEXTS[state]}\n`, { status: state === "ready" ? 200 : 503, headers });
  },
});
