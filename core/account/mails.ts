import { mailTo } from "../notify/notify.ts";
import type { MailMessage } from "../store/records/outbox.ts";
import { CODE_LIFE } from "./code.ts";

export function mail(to: string, subject: string, text: string): MailMessage {
  return mailTo(to, { subject, body: text });
}

export function confirmationMail(to: string, code: string): MailMessage {
  return mail(
    to,
    `Código de confirmação: ${code}`,
    `O seu código de confirmação é:\n\n    ${code}\n\n` +
      `Digite-o na página em que você informou este e-mail. Ele vale por ${CODE_LIFE / 60_000} ` +
      "minutos e só nessa página.\n\nSe não foi você que pediu, ignore esta mensagem.",
  );
}

export function firstAccessDoneMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    "Primeiro acesso concluído",
    `Olá, ${name}.\n\nSeu primeiro acesso ao Habilita foi concluído e este e-mail foi confirmado.\n` +
      `Para entrar: ${origin}\n\nSe não foi você, avise o representante legal da operadora.`,
  );
}

export function representativeBoundMail(
  to: string,
  { name, operadora }: { name: string; operadora: string },
): MailMessage {
  return mail(
    to,
    "Certificado digital registrado no portal",
    `${name} concluiu o primeiro acesso como representante legal de ${operadora}, com o ` +
      "certificado digital da empresa.\n\nSe a operadora não reconhece este acesso, revogue o " +
      "certificado junto à autoridade certificadora e avise o responsável pelo portal.",
  );
}
