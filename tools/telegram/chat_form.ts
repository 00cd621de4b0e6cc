import { ControlError } from "./model.ts";
import type { TelegramServer } from "./server.ts";

/** How long an action waits for the bot, so that the page that follows shows its answer already. */
const PATIENCE_MS = 1_500;

export interface ChatOutcome {
  /** The chat to be shown next. */
  chat: number;
  /** The tap whose answer is to be shown. */
  tap?: string;
}

/**
 * Does what a form of the chat page asks for: its field `do` says what, `chat` who.
 * @throws {ControlError} when the simulated app would not let the person do that
 */
export async function actInChat(telegram: TelegramServer, form: FormData): Promise<ChatOutcome> {
  const text = (name: string) => String(form.get(name) ?? "");
  const chat = Number(text("chat"));
  const before = telegram.messages(chat).at(-1)?.message_id ?? 0;
  switch (text("do")) {
    case "start":
      telegram.start(chat, text("payload"));
      break;
    case "send":
      telegram.sendText(chat, text("text"), {
        replyTo: form.get("reply_to") ? Number(text("reply_to")) : undefined,
      });
      break;
    case "tap": {
      // Unchecked, as an app does that still shows the buttons of a minute ago.
      const tap = telegram.tap(chat, Number(text("message")), text("button"), { unchecked: true });
      await patiently(telegram, () => tap.answer);
      return { chat, tap: tap.id };
    }
    case "forward":
      telegram.forward(chat, Number(text("message")), Number(text("to")));
      return { chat: Number(text("to")) };
    case "block":
      telegram.block(chat);
      return { chat };
    case "unblock":
      telegram.unblock(chat);
      return { chat };
    case "new":
      return { chat: newAccount(telegram, text("first_name")) };
    default:
      throw new ControlError("the form does not say what to do");
  }
  await patiently(telegram, () => {
    const last = telegram.messages(chat).at(-1);
    return last && last.from.id === telegram.bot.id && last.message_id > before;
  });
  return { chat };
}

function newAccount(telegram: TelegramServer, name: string): number {
  const first_name = name.trim();
  if (first_name === "") throw new ControlError("the account needs a name");
  const id = Math.max(1_000, ...telegram.chats().map(({ chat }) => chat.id)) + 1;
  telegram.addUser({ id, first_name });
  return id;
}

async function patiently(telegram: TelegramServer, probe: () => unknown): Promise<void> {
  try {
    await telegram.waitFor(() => Boolean(probe()), PATIENCE_MS);
  } catch {
    // The page is shown as it is; the answer appears with its next refresh.
  }
}
