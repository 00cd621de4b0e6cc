import { JOBS } from "../core/account/jobs.ts";
import { jobRunner } from "../core/outbox/job.ts";
import { createMailer, createSend } from "../core/outbox/send.ts";
import { createOutboxWorker } from "../core/outbox/worker.ts";
import type { Deps } from "../core/deps.ts";
import { createBot } from "./mod.ts";
import { createChatSender } from "./sender.ts";

/**
 * What works beside the pages of the portal, as the configuration has it; nothing is begun yet.
 *
 * @param alone this process is the only one that is given the bot's updates
 * @returns the bot, null without a token; the worker that sends the mails and chat messages of portal
 *   and bot; `close`, which resolves when what is on its way has been finished
 * @example const { bot, outbox } = createServices(deps);
 */
export function createServices(deps: Deps, { alone = false } = {}) {
  const { mail, telegram } = deps.config;
  const bot = telegram &&
    createBot(deps, { ...telegram, alone, onCommit: () => outbox.notify() });
  const mailer = mail && createMailer(mail);
  const chat = bot && createChatSender(deps, bot.api);
  const send = createSend({ mailer, chat, jobs: jobRunner(deps, JOBS) });
  const outbox = createOutboxWorker(deps, send, { selfWaking: true });
  return {
    bot,
    outbox,
    /** Sends one message past the outbox, for when the store is away. */
    send,
    async close() {
      await outbox.close();
      mailer?.close();
    },
  };
}
