import type { App } from "fresh";
import { Builder } from "fresh/dev";
import { type AppDeps, assemble, type State } from "@/app.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import type { Deps } from "@/core/deps.ts";
import { builderOptions } from "@/fresh.config.ts";
import { asSent } from "@/http/testing.ts";
import { type Handle, withinBudget } from "./check_trips.ts";
import { root } from "./portal.ts";
import { uncounted } from "./round_trips.ts";

const remoteAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 } as const;
const LOCAL: Deno.ServeHandlerInfo = { remoteAddr, completed: Promise.resolve() };

/** Of an app that is not told to stop. */
const NEVER = new AbortController().signal;

let snapshot: Promise<(app: App<State>) => void> | null = null;

/**
 * The whole app as a function, without a port: for tests of single answers. Each request that takes
 * more sequential round trips to the store than `budgets.ts` allows is an error. One that comes without
 * `info` is one that a test has made.
 *
 * @param budget false for an app that is under load or under attack on purpose
 * @param extend adds pages, which have no budget
 * @param outbox by default one that delivers nothing; it has come to rest when an answer is there, so
 *   that a test may close its store then
 */
export async function testApp(
  deps: Deps,
  { extend, telegramWebhook = null, budget = !extend, outbox, stopping = NEVER }:
    & Partial<Pick<AppDeps, "telegramWebhook" | "outbox" | "stopping">>
    & { extend?: (app: App<State>) => void; budget?: boolean } = {},
): Promise<Handle> {
  snapshot ??= new Builder<State>({ ...builderOptions, root }).build({ snapshot: "memory" });
  const later = { outcome: "later", error: "test" } as const;
  const idle = createOutboxWorker(deps, () => Promise.resolve(later));
  let working: Promise<void> | undefined;
  // What goes out after an answer belongs to no request.
  const notify = () => void (working = uncounted(() => idle.run()));
  const app = assemble(
    { deps, outbox: outbox ?? { ...idle, notify }, telegramWebhook, stopping },
    extend,
  );
  (await snapshot)(app);
  const handler = app.handler();
  const answer: Handle = async (request, info) => {
    const response = await (info ? handler(request, info) : handler(await asSent(request), LOCAL));
    await working;
    return response;
  };
  return budget ? withinBudget(deps, answer) : answer;
}
