import type { VNode } from "preact";
import { LinkedText } from "@/tools/telegram/formatted_text.tsx";
import type { Mail } from "./mailbox.ts";

export interface MailPageProps {
  /** Path of the list; a mail is at `<action>?id=<id>`. */
  action: string;
  mails: readonly Mail[];
  /** The mail that is open. */
  selected?: Mail;
}

/** Every mail that the portal sent, newest first, and the one that is open beside them. */
export function MailPage({ action, mails, selected }: MailPageProps): VNode {
  return (
    <section class="mail" aria-label="Correio simulado">
      {mails.length === 0
        ? <p>Nenhum e-mail ainda. O que o portal enviar aparece aqui, e não sai desta máquina.</p>
        : <MailList action={action} mails={mails} selected={selected} />}
      {selected && <MailDetail mail={selected} />}
    </section>
  );
}

function MailList({ action, mails, selected }: MailPageProps): VNode {
  return (
    <nav class="mail-list" aria-label="Mensagens">
      <ul>
        {mails.toReversed().map((mail) => (
          <li key={mail.id}>
            <a
              href={`${action}?id=${mail.id}`}
              aria-current={mail.id === selected?.id ? "page" : undefined}
            >
              <span class="mail-to">{mail.to.join(", ")}</span>
              <strong>{mail.subject || "(sem assunto)"}</strong>
              <When at={mail.at} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function MailDetail({ mail }: { mail: Mail }): VNode {
  return (
    <article class="mail-detail">
      <h2>{mail.subject || "(sem assunto)"}</h2>
      <dl>
        <dt>De</dt>
        <dd>{mail.from}</dd>
        <dt>Para</dt>
        <dd>{mail.to.join(", ")}</dd>
        <dt>Enviado</dt>
        <dd>
          <When at={mail.at} />
        </dd>
      </dl>
      {mail.text && (
        <p class="mail-text">
          <LinkedText text={mail.text} />
        </p>
      )}
      {mail.html && <HtmlPart html={mail.html} />}
    </article>
  );
}

/** In a frame without scripts, forms or the site's origin: a mail may hold what others typed. */
function HtmlPart({ html }: { html: string }): VNode {
  return (
    <details open>
      <summary>Versão em HTML</summary>
      <iframe
        class="mail-html"
        title="E-mail em HTML"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        srcdoc={`<base target="_blank">${html}`}
      />
    </details>
  );
}

const format = new Intl.DateTimeFormat("pt-BR", {
  dateStyle: "short",
  timeStyle: "medium",
  timeZone: "America/Sao_Paulo",
});

function When({ at }: { at: number }): VNode {
  return <time datetime={new Date(at).toISOString()}>{format.format(at)}</time>;
}
