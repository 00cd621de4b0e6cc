import { whatIsAsked } from "../core/access/requests/describe.ts";
import { COMMANDS } from "./commands.ts";
import { LINK_CODE_LIFE } from "../core/account/telegram/link.ts";
import { explain } from "../core/messages.ts";
import { maskCpf } from "../core/registry/numbers.ts";
import type { Refusal } from "../core/result.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import type { Account } from "../core/store/records/account.ts";
import { formatTime, gap, type Html, html, lines } from "./html.ts";
import type { RequestCard } from "./request_card.ts";

/** What the bot says besides the requests themselves. `origin` is the portal's address. */
export const texts = {
  howToLink: (origin: string) =>
    lines(
      html`Olá! Por aqui o ADMINISTRADOR de um CNES decide os pedidos de acesso.`,
      gap,
      html`Para ligar este Telegram ao seu cadastro, entre em ${origin}/conta/telegram e abra o
        endereço que aparecer. Ele vale por ${LINK_CODE_LIFE / 60_000} minutos.`,
    ),

  claimed: ({ name, cpf }: Account, establishments: readonly string[], origin: string) =>
    lines(
      html`Falta um passo. Este Telegram será ligado ao cadastro de:`,
      gap,
      html`<b>${name}</b>, CPF ${maskCpf(cpf)}`,
      establishments.length > 0
        ? html`que administra:`
        : html`que por enquanto não administra nenhum CNES. Quando administrar, os pedidos chegam
          aqui.`,
      ...establishments.map((one) => html`• ${one}`),
      gap,
      html`Volte ao site e toque em “Confirmar”: ${origin}/conta/telegram`,
      gap,
      html`Não é você? Não confirme: sem isso nada acontece.`,
    ),

  linkedAlready: (name: string) =>
    html`Olá, ${name}. Este Telegram já está ligado ao seu cadastro. Para ver o que espera a sua
      decisão, use /pendentes.`,

  notLinked: (origin: string) =>
    html`Este Telegram não está ligado a um cadastro ativo, por isso não posso fazer isto. Para
      ligar, entre em ${origin}/conta/telegram.`,

  help: (origin: string) =>
    lines(
      html`<b>O que este robô faz</b>`,
      html`Quando alguém pede acesso a um CNES que você administra, o pedido chega aqui com os
        botões “Aprovar” e “Reprovar”. Ao reprovar, você escolhe ou escreve o motivo, e a pessoa
        recebe a resposta por e-mail.`,
      gap,
      ...Object.entries(COMMANDS).map(([name, what]) => html`/${name}: ${lowerFirst(what)}`),
      gap,
      html`Tudo isto também pode ser feito no portal: ${origin}`,
    ),

  notUnderstood: () =>
    html`Não entendi. Use /pendentes para ver o que espera a sua decisão ou /ajuda para saber o que
      faço. Para escrever o motivo de uma reprovação, responda à mensagem em que eu o pergunto.`,

  onlyPrivate: (username: string) =>
    html`Em grupos eu não mostro nem decido pedidos. Abra uma conversa comigo:
      https://t.me/${username}`,

  noEstablishment: (origin: string) =>
    html`Você não é ADMINISTRADOR de nenhum CNES, por isso não há pedidos para você aqui. Seus
      acessos estão em ${origin}/painel.`,

  pending: (several: boolean) =>
    html`<b>À espera da sua decisão</b>, do mais antigo ao mais novo${
      several ? ". Para ver só um CNES, toque nele" : ""
    }:`,

  pendingAt: (cnes: string, name: string) =>
    html`<b>À espera da sua decisão</b> no CNES ${cnes}, ${name}:`,

  notYours: (cnes: string) => html`Você não administra o CNES ${cnes}. Nada foi mostrado.`,

  waiting: (count: number, orMore: boolean, oldest: number) =>
    html`<b>${count === 1 ? "1 pedido" : `${count} pedidos`}${orMore ? " ou mais" : ""}</b>
      ${count === 1 ? "espera" : "esperam"} a sua decisão, o mais antigo desde ${
      formatTime(oldest)
    }.`,

  nonePending: () => html`Nenhum pedido espera a sua decisão. Quando chegar um, ele aparece aqui.`,

  noMorePending: () => html`Não há mais pedidos à espera.`,

  morePending: () => html`Há mais pedidos à espera.`,

  shownBelow: (card: Html) =>
    lines(card, gap, html`<i>Este pedido está de novo mais abaixo nesta conversa.</i>`),

  confirmApproval: (card: Html, request: AccessRequest) =>
    lines(
      card,
      gap,
      html`<b>Aprovar mesmo?</b> O computador <b>${
        request.step === "computador" ? request.computer.replaces?.label ?? "" : ""
      }</b> deixa de valer na hora. Para ele valer de novo, seria preciso outro pedido.`,
    ),

  whyReject: (card: Html) =>
    lines(card, gap, html`<b>Por que reprovar?</b> A pessoa lerá o motivo.`),

  writeReason: ({ name, request }: RequestCard) =>
    html`Responda a esta mensagem com o motivo para reprovar o pedido de <b>${name}</b>
      (CNES ${request.cnes}). A pessoa lerá o que você escrever.`,

  reasonExpired: () =>
    html`Passou muito tempo desde a pergunta. Use /pendentes e toque de novo em “Reprovar”.`,

  rejected: () => html`Pedido reprovado. A pessoa recebe o motivo por e-mail.`,

  denied: () =>
    html`Você não pode decidir este pedido: só um ADMINISTRADOR ativo deste CNES decide. Nada foi
      alterado.`,

  decidedBefore: ({ decidedBy, state }: AccessRequest) =>
    html`Este pedido já tinha sido ${state === "aprovada" ? "aprovado" : "reprovado"} por
      <b>${decidedBy?.name ?? "outra pessoa"}</b>. O seu toque não mudou nada.`,

  refused: (refusal: Refusal) => html`${explain(refusal)}`,

  linked: (name: string, pending: readonly RequestCard[], more: boolean) =>
    lines(
      html`✅ Pronto, ${name}: este Telegram está ligado ao seu cadastro no Habilita. Os pedidos dos
        CNES que você administra chegam aqui.`,
      ...(pending.length > 0 ? [gap, html`<b>À espera da sua decisão:</b>`] : []),
      ...pending.map(({ name, request }) =>
        html`• ${name}, ${whatIsAsked(request)}, CNES ${request.cnes}, ${
          formatTime(request.createdAt)
        }`
      ),
      more ? html`• e outros` : null,
    ),

  askUnlink: (name: string) =>
    html`Desligar este Telegram do cadastro de <b>${name}</b>? Os pedidos deixam de chegar aqui e
      passam a ir para o seu e-mail.`,

  unlinkAsked: () => html`Você desligou este Telegram do seu cadastro.`,

  unlinked: (origin: string) =>
    html`Este Telegram foi desligado do seu cadastro no Habilita: pedidos não chegam mais aqui. Para
      ligar de novo: ${origin}/conta/telegram`,
} as const;

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What a button shows at once while the work goes on; at most 200 characters. */
export const toasts = {
  approve: "Registrando a aprovação…",
  reason: "Registrando a reprovação…",
  oldButton: "Este botão não vale mais. Use /pendentes.",
  onlyPrivate: "Em grupos nada se decide. Abra uma conversa com o robô.",
} as const;

export const labels = {
  unlink: "Desligar",
  showMore: "Mostrar mais",
  showPending: "Ver pedidos",
  reasonPlaceholder: "Motivo da reprovação",
} as const;
