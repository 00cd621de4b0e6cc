/** Mails about requests that nobody decides. */
import { mail } from "../../account/mails.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { MailMessage } from "../../store/records/outbox.ts";
import { whatIsAsked } from "./describe.ts";

export function expiredMail(
  to: string,
  name: string,
  request: AccessRequest,
  { establishment, origin }: { establishment: string; origin: string },
): MailMessage {
  return mail(
    to,
    "Seu pedido de acesso passou do prazo",
    `Olá, ${name}.\n\nVocê pediu ${
      whatIsAsked(request)
    } em ${establishment} e ninguém decidiu no ` +
      "prazo: o pedido não vale mais. Fale com o estabelecimento e, se ainda precisar do acesso, " +
      `peça de novo em ${origin}/solicitar`,
  );
}

export function reminderMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    "Pedidos de acesso esperam a sua decisão",
    `Olá, ${name}.\n\nHá pedidos de acesso esperando a sua decisão:\n\n    ${origin}/pedidos\n\n` +
      "O que ninguém decide no prazo perde a validade.",
  );
}

export function escalationMail(
  to: string,
  name: string,
  { establishment, origin }: { establishment: string; origin: string },
): MailMessage {
  return mail(
    to,
    `Pedidos sem decisão em ${establishment}`,
    `Olá, ${name}.\n\nNinguém decide os pedidos de acesso a ${establishment}. Fale com quem o ` +
      `administra ou indique outro ADMINISTRADOR:\n\n    ${origin}/usuarios`,
  );
}
