import type { ComponentChildren, VNode } from "preact";
import type { InlineKeyboardButton } from "grammy/types";
import { FormattedTextView } from "./formatted_text.tsx";
import { isInline, type StoredMessage } from "./model.ts";

export interface BubbleProps {
  message: StoredMessage;
  /** Whose phone is looked at: the number of the private chat. */
  owner: number;
  /** Where the forms go. */
  action: string;
  /** To whom the message could be forwarded. */
  others: { id: number; name: string }[];
}

/** One message with its buttons, as the apps show it. */
export function Bubble({ message, owner, action, others }: BubbleProps): VNode {
  const own = message.from.id === owner && !message.forwarded_from;
  const rows = isInline(message.keyboard) ? message.keyboard.inline_keyboard : [];
  return (
    <li class={own ? "chat-row chat-own" : "chat-row"} id={`m${message.message_id}`}>
      <div class="chat-bubble">
        {message.forwarded_from && (
          <p class="chat-forwarded">Encaminhada de {message.forwarded_from.first_name}</p>
        )}
        {message.reply_to && (
          <blockquote class="chat-quote">
            <strong>{message.reply_to.from.first_name}</strong>
            <span>{message.reply_to.text.slice(0, 80)}</span>
          </blockquote>
        )}
        <p class="chat-text">
          <FormattedTextView text={message.text} entities={message.entities} />
        </p>
        <p class="chat-meta">
          {message.edit_date && "editada "}
          <time datetime={new Date(message.date * 1_000).toISOString()}>{clock(message.date)}</time>
        </p>
      </div>
      {rows.map((row) => (
        <div class="chat-buttons">
          {row.map((button) => (
            <Button button={button} message={message} owner={owner} action={action} />
          ))}
        </div>
      ))}
      <details class="chat-more">
        <summary aria-label="Mais ações desta mensagem">⋯</summary>
        <a href={`${action}?chat=${owner}&reply=${message.message_id}#compose`}>Responder</a>
        {!message.protected && others.length > 0 && (
          <ChatForm action={action} chat={owner} act="forward" message={message.message_id}>
            <label>
              Encaminhar para{" "}
              <select name="to">
                {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
              </select>
            </label>
            <button type="submit">Encaminhar</button>
          </ChatForm>
        )}
      </details>
    </li>
  );
}

interface ButtonProps extends Pick<BubbleProps, "message" | "owner" | "action"> {
  button: InlineKeyboardButton;
}

function Button({ button, message, owner, action }: ButtonProps): VNode | null {
  if ("url" in button) {
    return <a class="chat-button" href={button.url} rel="noreferrer">{button.text} ↗</a>;
  }
  if (!("callback_data" in button)) return null;
  return (
    <ChatForm action={action} chat={owner} act="tap" message={message.message_id}>
      <button type="submit" class="chat-button" name="button" value={button.callback_data}>
        {button.text}
      </button>
    </ChatForm>
  );
}

export interface ChatFormProps {
  action: string;
  chat: number;
  /** See `actInChat`. */
  act: string;
  message?: number;
  class?: string;
  children: ComponentChildren;
}

export function ChatForm(props: ChatFormProps): VNode {
  const { action, chat, act, message, children } = props;
  return (
    <form method="post" action={action} class={props.class}>
      <input type="hidden" name="do" value={act} />
      <input type="hidden" name="chat" value={chat} />
      {message && <input type="hidden" name="message" value={message} />}
      {children}
    </form>
  );
}

const hours = new Intl.DateTimeFormat("pt-BR", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "America/Sao_Paulo",
});

function clock(seconds: number): string {
  return hours.format(seconds * 1_000);
}
