/** Mails to a member of an establishment about what was changed there. */
import { mail } from "../account/mails.ts";
import type { Profile } from "../store/records/access.ts";
import type { MailMessage } from "../store/records/outbox.ts";

interface Place {
  /** Name of the establishment. */
  establishment: string;
  origin: string;
}

export function profileChangedMail(
  to: string,
  name: string,
  { before, after, justification }: { before: Profile; after: Profile; justification: string },
  { establishment, origin }: Place,
): MailMessage {
  return mail(
    to,
    "Seu perfil foi alterado",
    `Olá, ${name}.\n\nSeu perfil em ${establishment} passou de ${before} para ${after}. A mudança ` +
      `já vale.\n\n    Justificativa: ${justification}\n\n    ${origin}/solicitar`,
  );
}

export function membershipEndedMail(
  to: string,
  name: string,
  reason: string,
  { establishment, origin }: Place,
): MailMessage {
  return mail(
    to,
    "Seu acesso a um estabelecimento foi desativado",
    `Olá, ${name}.\n\nSeu acesso a ${establishment} foi desativado, com os computadores que você ` +
      `usava lá.\n\n    Motivo: ${reason}\n\nPara voltar a ter acesso, peça de novo os três ` +
      `passos (estabelecimento, perfil e computador) em ${origin}/solicitar`,
  );
}

/** To those who administer an establishment: from now on an operadora's representative may, too. */
export function establishmentBoundMail(
  to: string,
  name: string,
  operadora: string,
  { establishment, origin }: Place,
): MailMessage {
  return mail(
    to,
    "Um estabelecimento seu foi ligado a uma operadora",
    `Olá, ${name}.\n\n${operadora} ligou ${establishment}, de que você é ADMINISTRADOR, a ela. O ` +
      "representante legal dessa operadora decide agora quem é ADMINISTRADOR dele, e pode mudar ou " +
      `desativar o acesso das pessoas.\n\n    ${origin}/administracao\n\nSe o estabelecimento não ` +
      "é dessa operadora, fale com ela e com quem mantém o portal.",
  );
}

export function computerRemovedMail(
  to: string,
  name: string,
  { label, place }: { label: string; place: string },
  { establishment, origin }: Place,
): MailMessage {
  return mail(
    to,
    "Um computador seu foi retirado",
    `Olá, ${name}.\n\nO computador ${label} (${place}) não abre mais o seu acesso a ` +
      `${establishment}. Se você ainda usa esse computador, peça de novo em ${origin}/solicitar`,
  );
}
