import type { MailMessage } from "../../store/records/outbox.ts";
import { mail } from "../../account/mails.ts";

export function govbrFirstUsedMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    "Sua conta gov.br foi usada no portal",
    `Olá, ${name}.\n\nPela primeira vez, alguém entrou no Habilita como você com a conta gov.br do ` +
      "seu CPF. A sua senha do portal, se você tem uma, continua valendo.\n\n" +
      "Se não foi você, proteja a sua conta em https://www.gov.br/governodigital e avise o " +
      `responsável pelo portal.\n\n    ${origin}/entrar`,
  );
}
