/** What mails say to the people of an establishment and to those who ask for access to it. Portuguese. */
import type { Deps } from "../deps.ts";
import type { AccessRequest, Profile } from "../store/records/access.ts";
import { defineMail, type MailText, takenFrom } from "./mail.ts";

/** What every text about an establishment needs. */
export interface Where {
  /** Name of the establishment. */
  establishment: string;
  /** Address of the portal. */
  origin: string;
}

/** @param unnamed what stands for an establishment that the CNES does not have any more */
export function whereOf(
  { config: { origin } }: Pick<Deps, "config">,
  establishment: { nome: string } | null,
  unnamed: string,
): Where {
  return { establishment: establishment?.nome ?? unnamed, origin };
}

/** To a person who has become ADMINISTRADOR. */
export const madeAdministrator = defineMail(
  "madeAdministrator",
  ({ establishment, origin }: Where): MailText => {
    return {
      subject: "Você é ADMINISTRADOR de um estabelecimento",
      body:
        `Você passou a ser ADMINISTRADOR de ${establishment}: decide os pedidos de acesso a esse ` +
        `estabelecimento, no portal ou pelo Telegram.\n\n    ${origin}/conta/telegram`,
    };
  },
);

/** To a member who has another profile now. */
export const profileChanged = defineMail(
  "profileChanged",
  (
    { before, after, justification }: { before: Profile; after: Profile; justification: string },
    { establishment, origin }: Where,
  ): MailText => {
    return {
      subject: "Seu perfil foi alterado",
      body: `Seu perfil em ${establishment} passou de ${before} para ${after}. A mudança já vale.` +
        `\n\n    Justificativa: ${justification}\n\n    ${origin}/solicitar`,
    };
  },
);

/** To a member who was deactivated. @param reason as the person who did it wrote it */
export const membershipEnded = defineMail(
  "membershipEnded",
  (reason: string, { establishment, origin }: Where): MailText => {
    return {
      subject: "Seu acesso a um estabelecimento foi desativado",
      body: `Seu acesso a ${establishment} foi desativado, com os computadores que você usava lá.` +
        `\n\n    Motivo: ${reason}\n\nPara voltar a ter acesso, peça de novo os três passos ` +
        `(estabelecimento, perfil e computador) em ${origin}/solicitar`,
    };
  },
);

/** To those who administer an establishment: from now on an operadora's representative may, too. */
export const establishmentBound = defineMail(
  "establishmentBound",
  (operadora: string, { establishment, origin }: Where): MailText => {
    return {
      subject: "Um estabelecimento seu foi ligado a uma operadora",
      body: `${operadora} ligou ${establishment}, de que você é ADMINISTRADOR, a ela. O ` +
        "representante legal dessa operadora decide agora quem é ADMINISTRADOR dele, e pode mudar ou " +
        `desativar o acesso das pessoas.\n\n    ${origin}/administracao\n\nSe o estabelecimento não ` +
        "é dessa operadora, fale com ela e com quem mantém o portal.",
    };
  },
);

/** To the person whose approved computer was taken away. */
export const computerRemoved = defineMail(
  "computerRemoved",
  (
    { label, place }: { label: string; place: string },
    { establishment, origin }: Where,
  ): MailText => {
    return {
      subject: "Um computador seu foi retirado",
      body:
        `O computador ${label} (${place}) não abre mais o seu acesso a ${establishment}. Se você ` +
        `ainda usa esse computador, peça de novo em ${origin}/solicitar`,
    };
  },
);

/** To those who can decide a new request. */
export const requestReceived = defineMail(
  "requestReceived",
  ({ establishment, origin }: Where): MailText => {
    return {
      subject: "Novo pedido de acesso para analisar",
      body: `Há um pedido de acesso a ${establishment} esperando a sua decisão:\n\n` +
        `    ${origin}/pedidos`,
    };
  },
);

/** To the requester. @param asked what the request asks for, as `whatIsAsked` words it */
export const requestDecided = takenFrom(
  (
    { step, state, cnes, reason }: AccessRequest,
    asked: string,
    where: Where,
  ) => [{ step, state, cnes, reason }, asked, where],
  defineMail(
    "requestDecided",
    (
      { step, state, cnes, reason }: Pick<AccessRequest, "step" | "state" | "cnes" | "reason">,
      asked: string,
      { establishment, origin }: Where,
    ): MailText => {
      const what = step === "computador" ? "computador" : "acesso";
      const link = `${origin}/solicitar/${cnes}`;
      const outcome = state === "aprovada" ? "aprovado" : "reprovado";
      const begin = `Você pediu ${asked} em ${establishment} e o pedido foi ${outcome}`;
      return {
        subject: `Seu pedido de ${what} foi ${outcome}`,
        body: state === "aprovada"
          ? `${begin}. Veja o próximo passo em ${link}`
          : `${begin}.\n\n    Motivo: ${reason}\n\nVocê pode fazer um novo pedido em ${link}`,
      };
    },
  ),
);

/** To the requester. @param asked what the request asks for, as `whatIsAsked` words it */
export const requestExpired = defineMail(
  "requestExpired",
  (asked: string, { establishment, origin }: Where): MailText => {
    return {
      subject: "Seu pedido de acesso passou do prazo",
      body:
        `Você pediu ${asked} em ${establishment} e ninguém decidiu no prazo: o pedido não vale ` +
        "mais. Fale com o estabelecimento e, se ainda precisar do acesso, peça de novo em " +
        `${origin}/solicitar`,
    };
  },
);

/** To those who can decide: one mail, however many requests wait. */
export const requestsWaiting = defineMail("requestsWaiting", (origin: string): MailText => {
  return {
    subject: "Pedidos de acesso esperam a sua decisão",
    body: `Há pedidos de acesso esperando a sua decisão:\n\n    ${origin}/pedidos\n\n` +
      "O que ninguém decide no prazo perde a validade.",
  };
});

/** To the legal representative of an operadora about one of its establishments. */
export const requestsUndecided = defineMail(
  "requestsUndecided",
  ({ establishment, origin }: Where): MailText => {
    return {
      subject: `Pedidos sem decisão em ${establishment}`,
      body:
        `Ninguém decide os pedidos de acesso a ${establishment}. Fale com quem o administra ou ` +
        `indique outro ADMINISTRADOR:\n\n    ${origin}/usuarios`,
    };
  },
);
