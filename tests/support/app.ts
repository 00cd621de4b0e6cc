import type { App } from "fresh";
import { Builder } from "fresh/dev";
import { assemble, type State, type World } from "@/app.ts";
import { createPump } from "@/core/outbox/pump.ts";
import type { Portal } from "@/core/portal.ts";
import { builderOptions } from "@/fresh.config.ts";
import { asSent } from "@/http/testing.ts";
import { root } from "./portal.ts";

const LOCAL: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
  completed: Promise.resolve(),
};

let snapshot: Promise<(app: App<State>) => void> | null = null;

/**
 * The whole app as a function, without a port: for tests of single answers. A request that comes
 * without `info` is one that a test has made.
 */
export async function testApp(
  portal: Portal,
  {
    extend,
    telegramWebhook = null,
    outbox = createPump(portal, () => Promise.resolve({ outcome: "later", error: "test" })),
  }: Partial<Pick<World, "telegramWebhook" | "outbox">> & {
    extend?: (app: App<State>) => void;
  } = {},
): Promise<(request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>> {
  snapshot ??= new Builder<State>({ ...builderOptions, root }).build({ snapshot: "memory" });
  const app = assemble({ portal, outbox, telegramWebhook }, extend);
  (await snapshot)(app);
  const handler = app.handler();
  return async (request, info) =>
    info ? await handler(request, info) : await handler(await asSent(request), LOCAL);
}
