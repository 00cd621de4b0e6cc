import { PROFILES } from "../core/access/membership.ts";
import { USUAL_REASONS, type UsualReason, whatIsAsked } from "../core/access/requests/describe.ts";
import {
  earlierOf,
  listRequestsOf,
  LOOKED_AT,
  readRequester,
} from "../core/access/requests/request.ts";
import { listOperadorasOfUser } from "../core/account/operadoras.ts";
import { getAccount } from "../core/account/account.ts";
import type { Deps } from "../core/deps.ts";
import { getEstablishment } from "../core/registry/establishment.ts";
import { maskCpf, maskEmail } from "../core/registry/numbers.ts";
import { getOperadoras } from "../core/registry/operadora.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import type { Account } from "../core/store/records/account.ts";
import type { Button } from "./callback_data.ts";
import { formatTime, gap, type Html, html, lines } from "./html.ts";

/** A request with what a message about it says. */
export interface RequestCard {
  request: AccessRequest;
  /** Of the requester. */
  name: string;
  /** Null when the person is not found. */
  cpf: string | null;
  /** What stands behind the requester's CPF, as text. */
  identification: string;
  establishment: string;
}

/** Reads what a message about a request says. */
export async function loadCard(deps: Deps, request: AccessRequest): Promise<RequestCard> {
  const [{ person, cpf }, establishment] = await Promise.all([
    readRequester(deps, request),
    getEstablishment(deps, request.cnes),
  ]);
  return {
    request,
    name: person?.name ?? "Pessoa não encontrada",
    cpf: person?.cpf ?? null,
    identification: cpf ?? "pessoa não encontrada",
    establishment: establishment?.nome ?? "",
  };
}

/**
 * Who asks for what, where and when, and what became of it. Nothing in it changes by itself, so that
 * a message brought up to date twice stays as it is.
 */
export function cardText({ request, name, cpf, identification, establishment }: RequestCard): Html {
  const { cnes, createdAt } = request;
  return lines(
    html`<b>Pedido de ${request.step === "computador" ? "computador" : "acesso"}</b>`,
    html`Quem: <b>${name}</b>${cpf === null ? "" : `, CPF ${maskCpf(cpf)}`}`,
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
): Button[][] {
  const { id: requestId, state, step, profile } = request;
  if (state !== "pendente") return [];
  const action = needsConfirmation(request) ? "ask" : "approve";
  const approve: Button = profile === "ADMINISTRADOR" && step !== "computador"
    ? { text: "Decidir no portal", url: `${origin}/pedidos` }
    : { text: "Aprovar", tap: { action, requestId } };
  return [
    [approve, { text: "Reprovar", tap: { action: "reject", requestId } }],
    details
      ? [{ text: "Ocultar detalhes", tap: { action: "back", requestId } }]
      : [{ text: "Detalhes", tap: { action: "details", requestId } }],
  ];
}

/** The buttons that ask once more before an approval. */
export function confirmButtons({ id: requestId }: AccessRequest): Button[][] {
  return [[
    { text: "Sim, aprovar", tap: { action: "approve", requestId } },
    { text: "Voltar", tap: { action: "back", requestId } },
  ]];
}

/** The buttons that ask why a request is rejected. */
export function reasonButtons({ id: requestId }: AccessRequest): Button[][] {
  const usual = Object.entries(USUAL_REASONS) as [UsualReason, string][];
  return [
    ...usual.map(([reason, text]): Button[] => [
      { text, tap: { action: "reason", requestId, reason } },
    ]),
    [
      { text: "Escrever motivo", tap: { action: "write", requestId } },
      { text: "Voltar", tap: { action: "back", requestId } },
    ],
  ];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What helps to know whether the requester is who they say. */
export interface Details {
  person: Account | null;
  /** Names of the companies that registered the person. */
  operadoras: string[];
  /** The person's earlier requests at the same establishment, newest first. */
  earlier: AccessRequest[];
}

/** Companies and earlier requests named at most. */
const NAMED = 3;

/** Reads the details of a request, up to 3 of each kind. */
export async function loadDetails(deps: Deps, request: AccessRequest): Promise<Details> {
  const [person, cnpjs, history] = await Promise.all([
    getAccount(deps, request.account),
    listOperadorasOfUser(deps, request.account),
    listRequestsOf(deps, request.account, LOOKED_AT),
  ]);
  const found = await getOperadoras(deps, cnpjs.slice(0, NAMED));
  return {
    person,
    operadoras: found.flatMap((operadora) => operadora ? [operadora.razaoSocial] : []),
    earlier: earlierOf(history, request, { limit: NAMED, waiting: true }),
  };
}

/** The e-mail is masked: the administrator shall recognise it, not learn it. */
export function detailLines({ person, operadoras, earlier }: Details): Html[] {
  const email = person?.email && maskEmail(person.email);
  return [
    html`<b>Detalhes</b>`,
    person ? html`No portal desde ${formatTime(person.createdAt)}` : html`Pessoa não encontrada`,
    email ? html`E-mail confirmado: ${email}` : html`E-mail ainda não confirmado`,
    operadoras.length > 0
      ? html`Cadastrada por: ${operadoras.join("; ")}`
      : html`Nenhuma operadora cadastrou esta pessoa`,
    ...earlier.map((one) =>
      html`Pedido anterior aqui: ${whatIsAsked(one)}, ${one.state}, de ${formatTime(one.createdAt)}`
    ),
    ...(earlier.length === 0 ? [html`Primeiro pedido a este CNES`] : []),
  ];
}
