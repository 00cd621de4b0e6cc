import type { BotCommand, User } from "grammy/types";
import type { VNode } from "preact";
import { Bubble, ChatForm } from "./chat_bubble.tsx";
import type { StoredMessage, Tap } from "./model.ts";
import type { ChatSummary, TelegramServer } from "./server.ts";

export interface ChatPageProps {
  /** Path of the page, to which its forms are posted, e.g. `/dev/telegram`. */
  action: string;
  bot: User;
  /** Private chats; the page shows the phone of one simulated person at a time. */
  chats: ChatSummary[];
  selected?: ChatSummary;
  messages: readonly StoredMessage[];
  /** The bot's menu. */
  menu: BotCommand[];
  /** The message that is replied to. */
  replyTo?: StoredMessage;
  /** The tap whose answer is shown. */
  tap?: Tap;
  /** Payload of a deep link that no account has opened yet. */
  start?: string;
}

/**
 * Gathers what the page shows from its address: `?chat=1001`, with `&reply=<message>` or
 * `&tap=<id>`; `?start=<payload>` is where deep links lead.
 */
export function readChatPage(telegram: TelegramServer, url: URL): ChatPageProps {
  const query = url.searchParams;
  const chats = telegram.chats().filter(({ chat }) => chat.type === "private");
  const start = query.get("start") ?? undefined;
  const wanted = Number(query.get("chat"));
  const selected = chats.find(({ chat }) => chat.id === wanted) ?? (start ? undefined : chats[0]);
  const messages = selected ? telegram.messages(selected.chat.id) : [];
  const last = messages.at(-1);
  const asked = last?.keyboard && "force_reply" in last.keyboard ? last : undefined;
  const reply = Number(query.get("reply"));
  return {
    action: url.pathname,
    bot: telegram.bot,
    chats,
    selected,
    messages,
    menu: telegram.menu(),
    replyTo: messages.find((message) => message.message_id === reply) ?? asked,
    tap: selected && telegram.taps(selected.chat.id).find(({ id }) => id === query.get("tap")),
    start,
  };
}

/** The simulated chat: works without JavaScript, and the caller refreshes it. */
export function ChatPage(props: ChatPageProps): VNode {
  const { selected, start } = props;
  return (
    <section class="chat" aria-label="Telegram simulado">
      <Accounts {...props} />
      {start !== undefined
        ? <DeepLink {...props} payload={start} />
        : selected
        ? <Phone {...props} selected={selected} />
        : <p class="chat-empty">Crie uma conta para conversar com o bot.</p>}
    </section>
  );
}

function Accounts({ action, chats, selected }: ChatPageProps): VNode {
  return (
    <nav class="chat-accounts" aria-label="Contas simuladas">
      <ul>
        {chats.map((summary) => (
          <li key={summary.chat.id}>
            <a
              href={`${action}?chat=${summary.chat.id}`}
              aria-current={summary === selected ? "page" : undefined}
            >
              <strong>{nameOf(summary)}</strong>
              <span>{summary.last?.text.slice(0, 40) ?? "Ainda não abriu a conversa"}</span>
            </a>
          </li>
        ))}
      </ul>
      <ChatForm action={action} chat={0} act="new" class="chat-new">
        <label>
          Nova conta <input name="first_name" required maxLength={64} autocomplete="off" />
        </label>
        <button type="submit">Criar</button>
      </ChatForm>
    </nav>
  );
}

/** Telegram knows who opens a link; here it has to be said. */
function DeepLink(props: ChatPageProps & { payload: string }): VNode {
  return (
    <div class="chat-link">
      <h2>Quem está abrindo este link?</h2>
      <p>
        No celular, o Telegram abriria a conversa com {props.bot.first_name}{" "}
        na conta da própria pessoa. Aqui, escolha a conta.
      </p>
      {props.chats.map((summary) => (
        <ChatForm key={summary.chat.id} action={props.action} chat={summary.chat.id} act="start">
          <input type="hidden" name="payload" value={props.payload} />
          <button type="submit" class="chat-button">Abrir como {nameOf(summary)}</button>
        </ChatForm>
      ))}
    </div>
  );
}

function Phone(props: ChatPageProps & { selected: ChatSummary }): VNode {
  const { action, bot, selected } = props;
  return (
    <div class="chat-phone">
      <header class="chat-header">
        <div>
          <h2>{bot.first_name}</h2>
          <p>bot · você está como {nameOf(selected)}</p>
        </div>
        {selected.started && (
          <ChatForm
            action={action}
            chat={selected.chat.id}
            act={selected.blocked ? "unblock" : "block"}
          >
            <button type="submit">{selected.blocked ? "Desbloquear" : "Bloquear o bot"}</button>
          </ChatForm>
        )}
      </header>
      <ChatMessages {...props} />
      <noscript>
        <p class="chat-refresh">
          <a href={`${action}?chat=${selected.chat.id}`}>Ver mensagens novas</a>
        </p>
      </noscript>
      <Compose {...props} />
    </div>
  );
}

/** The part that changes by itself, for a caller that refreshes no more than this. */
export function ChatMessages(props: ChatPageProps & { selected: ChatSummary }): VNode {
  const { action, chats, messages, selected, tap } = props;
  const others = chats.filter((summary) => summary !== selected && summary.started).map((
    summary,
  ) => ({
    id: summary.chat.id,
    name: nameOf(summary),
  }));
  return (
    // The outer box is laid out from its end, which keeps the newest message in view without a script.
    <div class="chat-scroll" tabIndex={0} role="log" aria-label="Mensagens">
      <div>
        <ol class="chat-messages">
          {messages.map((message) => (
            <Bubble message={message} owner={selected.chat.id} action={action} others={others} />
          ))}
        </ol>
        {tap && <Toast tap={tap} />}
      </div>
    </div>
  );
}

function Toast({ tap }: { tap: Tap }): VNode | null {
  if (!tap.answer) return <p class="chat-toast" role="status">Aguardando o bot…</p>;
  const { text, url, show_alert } = tap.answer;
  if (!text && !url) return null;
  return (
    <p class={show_alert ? "chat-toast chat-alert" : "chat-toast"} role="status">
      {text}
      {url && /^https?:/.test(url) && <a href={url} rel="noreferrer">Abrir {url}</a>}
    </p>
  );
}

function Compose(props: ChatPageProps & { selected: ChatSummary }): VNode | null {
  const { action, menu, replyTo, selected } = props;
  const { chat, started, blocked } = selected;
  if (blocked) return null;
  if (!started) {
    return (
      <ChatForm action={action} chat={chat.id} act="start" class="chat-compose">
        <button type="submit" class="chat-button">Iniciar</button>
      </ChatForm>
    );
  }
  return (
    <div class="chat-bottom" id="compose">
      {replyTo && (
        <p class="chat-replying">
          <span>Respondendo a: {replyTo.text.slice(0, 80)}</span>
          <a href={`${action}?chat=${chat.id}`}>Cancelar</a>
        </p>
      )}
      <ChatForm action={action} chat={chat.id} act="send" class="chat-compose">
        {replyTo && <input type="hidden" name="reply_to" value={replyTo.message_id} />}
        <input
          name="text"
          required
          maxLength={4_096}
          autocomplete="off"
          aria-label="Mensagem"
          placeholder="Mensagem"
        />
        <button type="submit">Enviar</button>
      </ChatForm>
      {menu.length > 0 && (
        <details class="chat-menu">
          <summary>Menu</summary>
          <ChatForm action={action} chat={chat.id} act="send">
            {menu.map(({ command, description }) => (
              <button type="submit" name="text" value={`/${command}`}>
                /{command} — {description}
              </button>
            ))}
          </ChatForm>
        </details>
      )}
    </div>
  );
}

function nameOf({ chat, user }: ChatSummary): string {
  return [user?.first_name, user?.last_name].filter(Boolean).join(" ") || String(chat.id);
}
