import type { App } from "fresh";
import { Builder } from "fresh/dev";
import { type AppDeps, assemble, type State } from "@/app.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import type { Deps } from "@/core/deps.ts";
import { builderOptions } from "@/fresh.config.ts";
import { asSent } from "@/http/testing.ts";
import { withinBudget } from "./check_trips.ts";
import { root } from "./portal.ts";
import { uncounted } from "./round_trips.ts";

const LOCAL: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
  completed: Promise.resolve(),
};

let snapshot: Promise<(app: App<State>) => void> | null = null;

/**
 * The whole app as a function, without a port: for tests of single answers. Each request that takes
 * more sequential round trips to the store than `budgets.ts` allows is an error. One that comes without
 * `info` is one that a test has made.
 *
 * @param budget false for an app that is under load or under attack on purpose
 * @param extend adds pages, which have no budget
 */
export async function testApp(
  deps: Deps,
  {
    extend,
    telegramWebhook = null,
    budget = !extend,
    outbox = createOutboxWorker(deps, () => Promise.resolve({ outcome: "later", error: "test" })),
  }: Partial<Pick<AppDeps, "telegramWebhook" | "outbox">> & {
    extend?: (app: App<State>) => void;
    budget?: boolean;
  } = {},
): Promise<(request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>> {
  snapshot ??= new Builder<State>({ ...builderOptions, root }).build({ snapshot: "memory" });
  // What goes out after an answer belongs to no request.
  const away = { ...outbox, kick: () => uncounted(() => outbox.notify()) };
  const app = assemble({ deps, outbox: away, telegramWebhook }, extend);
  (await snapshot)(app);
  const handler = app.handler();
  const answer = async (request: Request, info?: Deno.ServeHandlerInfo) =>
    info ? await handler(request, info) : await handler(await asSent(request), LOCAL);
  return budget ? withinBudget(deps, answer) : answer;
}
