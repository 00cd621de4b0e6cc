import { define } from "@/app.ts";

/** Whether the process answers: no more is asked, so that a store that is away gets no process killed. */
export const handler = define.handlers({
  GET: () => new Response("vivo\n", { headers: { "cache-control": "no-store" } }),
});
