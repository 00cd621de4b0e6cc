import type { UserFromGetMe } from "grammy/types";
import { Api, Bot } from "grammy/web";
import type { Deps } from "../core/deps.ts";
import { UpdateProcessor } from "./update_processor.ts";

/** How long Telegram holds a request that has nothing to answer. */
export const POLL_SECONDS = 25;
/** A lease on an update or a message outlives some calls that hang. */
const CALL_SECONDS = 15;

export interface BotOptions {
  token: string;
  /** Telegram's own unless told. */
  apiRoot?: string;
  /** What getMe would answer; without it the bot asks before its first update. */
  botInfo?: UserFromGetMe;
  /** No other process is given updates, as with long polling: see `dedupe`. */
  alone?: boolean;
  /** After this long a call to Telegram has failed; 15 unless told. */
  callSeconds?: number;
  /** How the pauses that Telegram asks for are waited out, in milliseconds of the portal's clock. */
  wait?: (ms: number) => Promise<void>;
  /** Called after each update: what was committed may have left messages in the outbox. */
  onCommit?: () => void;
}

/** The bot with the ways in which its updates come. */
export class AdministratorsBot extends Bot {
  readonly deps: Deps;
  readonly updateProcessor: UpdateProcessor;
  /** For long polls, which Telegram holds open longer than any other call may take. */
  readonly polls: Api;

  constructor(deps: Deps, { token, apiRoot, botInfo, callSeconds = CALL_SECONDS }: BotOptions) {
    const root = apiRoot && { apiRoot };
    super(token, {
      ...(botInfo && { botInfo }),
      client: { ...root, timeoutSeconds: callSeconds },
    });
    this.deps = deps;
    this.updateProcessor = new UpdateProcessor(deps, this);
    this.polls = new Api(token, { ...root, timeoutSeconds: POLL_SECONDS + CALL_SECONDS });
  }
}
