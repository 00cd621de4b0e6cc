import { createDefine } from "fresh";
import type { Caller } from "@/core/access/caller.ts";
import type { Deps } from "@/core/deps.ts";
import type { OutboxWorker } from "@/core/outbox/worker.ts";
import type { Session } from "@/core/store/records/session.ts";

/** What the app is given from outside: the portal and its ways out. */
export interface AppDeps {
  deps: Deps;
  outbox: OutboxWorker;
  /** Answers `/api/telegram`; null when there is no bot or it polls. */
  telegramWebhook: ((request: Request) => Promise<Response>) | null;
  /** Aborted when the process has been told to stop: it goes on answering for a moment. */
  stopping: AbortSignal;
}

/** `ctx.state` of every request. */
export interface State extends AppDeps {
  session: Session | null;
  /** Null when the browser is not logged in. */
  caller: Caller | null;
  /** Of the page, for `<title>`. */
  title?: string;
}

export const define = createDefine<State>();
