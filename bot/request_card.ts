import type { InlineKeyboardMarkup } from "grammy/types";
import { InlineKeyboard } from "grammy/web";
import { PROFILES } from "../core/access/membership.ts";
import { USUAL_REASONS, type UsualReason } from "../core/access/requests/describe.ts";
import { describeIdentification } from "../core/account/identification.ts";
import { getPerson } from "../core/account/person.ts";
import type { Deps } from "../core/deps.ts";
import { getEstablishment } from "../core/registry/establishment.ts";
import { maskCpf } from "../core/registry/numbers.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import { packCallback } from "./callback_data.ts";
import { gap, type Html, html, lines } from "./html.ts";
import { formatTime } from "./time.ts";

/** A request with what a message about it says. */
export interface RequestCard {
  request: AccessRequest;
  /** Of the one who asks. */
  name: string;
  /** Who says that they are who they say. */
  identification: string;
  establishment: string;
}

export async function loadCard(deps: Deps, request: AccessRequest): Promise<RequestCard> {
  const [person, establishment] = await Promise.all([
    getPerson(deps, request.cpf),
    getEstablishment(deps, request.cnes),
  ]);
  return {
    request,
    name: person?.name ?? "Pessoa não encontrada",
    identification: person ? describeIdentification(person) : "pessoa não encontrada",
    establishment: establishment?.nome ?? "",
  };
}

/**
 * Who asks for what, where and when, and what became of it. Nothing in it changes by itself, so that
 * a message brought up to date twice stays as it is.
 */
export function cardText({ request, name, identification, establishment }: RequestCard): Html {
  const { cpf, cnes, createdAt } = request;
  return lines(
    html`<b>Pedido de ${request.step === "computador" ? "computador" : "acesso"}</b>`,
    html`Quem: <b>${name}</b>, CPF ${maskCpf(cpf)}`,
    html`Identificação: ${identification}`,
    ...asked(request),
    html`Onde: CNES ${cnes}, ${establishment}`,
    html`Quando: ${formatTime(createdAt)} (horário de Brasília)`,
    ...outcome(request),
  );
}

function asked(request: AccessRequest): Html[] {
  const { profile } = request;
  const what = html`perfil <b>${profile}</b> (${lowerFirst(PROFILES[profile])})`;
  switch (request.step) {
    case "estabelecimento":
      return [html`O quê: <b>entrar no estabelecimento</b>, ainda sem o ${what}`];
    case "perfil":
      return [
        request.establishmentRequest
          ? html`O quê: <b>entrar no estabelecimento</b> com o ${what}`
          : html`O quê: ${what}`,
      ];
    case "computador": {
      const { label, place, replaces } = request.computer;
      return [
        html`O quê: usar o computador <b>${label}</b>, em ${place}, com o ${what}`,
        ...(replaces ? [html`No lugar do computador <b>${replaces.label}</b>`] : []),
      ];
    }
  }
}

/** Would an approval end something that works today? Then it is asked for once more. */
export function needsConfirmation(request: AccessRequest): boolean {
  return request.step === "computador" && request.computer.replaces !== null;
}

function outcome({ state, decidedBy, decidedAt, via, reason }: AccessRequest): Html[] {
  if (state === "pendente") return [];
  if (state === "expirada") {
    return [gap, html`⌛ <b>Expirado</b> sem decisão em ${formatTime(decidedAt ?? 0)}`];
  }
  if (state === "cancelada") {
    return [gap, html`↩️ <b>Cancelado por quem pediu</b> em ${formatTime(decidedAt ?? 0)}`];
  }
  const where = via === "telegram" ? "pelo Telegram" : "pelo portal";
  const by = html`por ${decidedBy?.name ?? "outra pessoa"}`;
  const when = html`em ${formatTime(decidedAt ?? 0)}, ${where}`;
  return state === "aprovada"
    ? [gap, html`✅ <b>Aprovado</b> ${by}`, when]
    : [gap, html`❌ <b>Reprovado</b> ${by}`, when, html`Motivo: ${reason ?? ""}`];
}

/**
 * The buttons of a request that waits; a decided one has none. What is never granted from a chat is
 * opened on the site, `origin`.
 */
export function decisionButtons(
  request: AccessRequest,
  origin: string,
  { details = false }: { details?: boolean } = {},
): InlineKeyboardMarkup {
  const { id, state, step, profile } = request;
  const keyboard = new InlineKeyboard();
  if (state !== "pendente") return keyboard;
  const action = needsConfirmation(request) ? "ask" : "approve";
  if (profile === "ADMINISTRADOR" && step !== "computador") {
    keyboard.url("Decidir no portal", `${origin}/pedidos`);
  } else keyboard.text("Aprovar", packCallback({ action, requestId: id }));
  keyboard.text("Reprovar", packCallback({ action: "reject", requestId: id })).row();
  return details
    ? keyboard.text("Ocultar detalhes", packCallback({ action: "back", requestId: id }))
    : keyboard.text("Detalhes", packCallback({ action: "details", requestId: id }));
}

/** The buttons that ask whether somebody means it. */
export function confirmButtons({ id }: AccessRequest): InlineKeyboardMarkup {
  return new InlineKeyboard()
    .text("Sim, aprovar", packCallback({ action: "approve", requestId: id }))
    .text("Voltar", packCallback({ action: "back", requestId: id }));
}

/** The buttons that ask why a request is rejected. */
export function reasonButtons({ id }: AccessRequest): InlineKeyboardMarkup {
  const keyboard = new InlineKeyboard();
  for (const [reason, text] of Object.entries(USUAL_REASONS) as [UsualReason, string][]) {
    keyboard.text(text, packCallback({ action: "reason", requestId: id, reason })).row();
  }
  return keyboard
    .text("Escrever motivo", packCallback({ action: "write", requestId: id }))
    .text("Voltar", packCallback({ action: "back", requestId: id }));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
