import { whatIsAsked } from "../core/access/requests/describe.ts";
import type { StandIns } from "../core/access/requests/recipients.ts";
import { formatTime, gap, type Html, html, lines } from "./html.ts";
import type { RequestCard } from "./request_card.ts";

function howDecided({ state, decidedBy, decidedAt, via }: RequestCard["request"]): Html {
  const when = formatTime(decidedAt ?? 0);
  if (state === "expirada") return html`sem decisão, em ${when}`;
  if (state === "cancelada") return html`em ${when}`;
  const where = via === "telegram" ? "pelo Telegram" : "pelo portal";
  return html`por ${decidedBy?.name ?? "outra pessoa"}, em ${when}, ${where}`;
}

export interface EstablishmentRow {
  cnes: string;
  name: string;
  pending: number;
  /** Names of the other administrators. */
  others: readonly string[];
}

const OUTCOME = {
  pendente: "⏳ à espera",
  aprovada: "✅ aprovado",
  reprovada: "❌ reprovado",
  cancelada: "↩️ cancelado por quem pediu",
  expirada: "⌛ expirado",
} as const;

/** What the bot says of an administrator's own establishments. */
export const administrationTexts = {
  history: (cards: readonly RequestCard[]): Html =>
    cards.length === 0 ? html`Ainda não há decisões nos CNES que você administra.` : lines(
      html`<b>Últimas decisões</b>, da mais nova à mais antiga:`,
      ...cards.flatMap(({ request, name }) => [
        gap,
        html`${OUTCOME[request.state]}: <b>${name}</b>, ${
          whatIsAsked(request)
        }, CNES ${request.cnes}`,
        howDecided(request),
      ]),
    ),

  establishments: (
    rows: readonly EstablishmentRow[],
    { paused, more }: { paused: boolean; more: number },
  ): Html =>
    lines(
      html`<b>Você administra:</b>`,
      ...rows.flatMap(({ cnes, name, pending, others }) => [
        gap,
        html`<b>CNES ${cnes}</b>, ${name}`,
        html`À espera de decisão: ${pending}`,
        others.length > 0
          ? html`Também administram: ${others.join(", ")}`
          : html`Só você administra este CNES`,
      ]),
      more > 0 ? html`… e mais ${more}` : null,
      ...(paused
        ? [
          gap,
          html`Você está em pausa: os pedidos novos vão para os outros. Para voltar: /retomar`,
        ]
        : []),
    ),

  paused: (stands: readonly StandIns[]): Html =>
    lines(
      html`<b>Em pausa.</b> Os pedidos novos vão para:`,
      ...stands.map(({ cnes, names }) => html`• CNES ${cnes}: ${names.join(", ")}`),
      gap,
      html`Você continua podendo decidir com /pendentes. Para voltar a receber: /retomar`,
    ),

  resumed: (pending: number): Html =>
    pending === 0
      ? html`Você recebe de novo os pedidos dos seus CNES. Nenhum espera agora.`
      : html`Você recebe de novo os pedidos dos seus CNES. À espera agora: ${pending}. Use
          /pendentes.`,
} as const;
