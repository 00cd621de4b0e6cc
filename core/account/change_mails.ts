import type { MailMessage } from "../store/records/outbox.ts";
import { CODE_LIFE } from "./code.ts";
import { mail } from "./mails.ts";

interface Place {
  origin: string;
}

export function recoveryMail(to: string, name: string, code: string): MailMessage {
  return mail(
    to,
    `Código para trocar a senha: ${code}`,
    `Olá, ${name}.\n\nAlguém pediu para trocar ou criar a sua senha. O seu código de confirmação é:\n\n` +
      `    ${code}\n\nEle vale por ${
        CODE_LIFE / 60_000
      } minutos, uma vez só, e apenas no navegador ` +
      "em que foi pedido. Se não foi você, ignore esta mensagem: nada muda no seu cadastro.",
  );
}

/** How a password came to be. */
export type PasswordOrigin = "changed" | "created" | "recovered";

const PASSWORD_TEXTS: Record<PasswordOrigin, [subject: string, text: string]> = {
  changed: [
    "Sua senha foi trocada",
    "A sua senha no Habilita foi trocada. As outras sessões foram encerradas.",
  ],
  created: [
    "Sua senha foi criada",
    "Uma senha foi criada para o seu cadastro no Habilita, que até agora só abria com gov.br. As " +
    "outras sessões foram encerradas.",
  ],
  recovered: [
    "Sua senha foi trocada",
    "A sua senha no Habilita foi trocada ou criada por “Esqueci minha senha”. Todas as sessões foram " +
    "encerradas.",
  ],
};

/** ASVS 6.3.7. `how`: what the person, or somebody in their place, did. */
export function passwordChangedMail(
  to: string,
  name: string,
  { how, origin }: Place & { how: PasswordOrigin },
): MailMessage {
  const [subject, text] = PASSWORD_TEXTS[how];
  return mail(
    to,
    subject,
    `Olá, ${name}.\n\n${text}\n\nSe não foi você, troque a senha agora em ` +
      `${origin}/recuperar-senha e avise o representante legal da operadora.`,
  );
}

export function emailChangedMail(to: string, name: string): MailMessage {
  return mail(
    to,
    "Este é o seu e-mail no portal agora",
    `Olá, ${name}.\n\nA partir de agora os avisos do Habilita chegam neste endereço.`,
  );
}

/** To the address before: whoever reads it can take the change back. */
export function emailLeftMail(
  to: string,
  name: string,
  { newEmail, address, hours }: { newEmail: string; address: string; hours: number },
): MailMessage {
  return mail(
    to,
    "Seu e-mail no portal foi trocado",
    `Olá, ${name}.\n\nO e-mail do seu cadastro no Habilita passou deste endereço para ` +
      `${newEmail}.\n\nSe não foi você, desfaça a mudança em até ${hours} horas:\n\n    ${address}`,
  );
}

export function emailUndoneMail(
  to: string,
  name: string,
  { email, origin }: Place & { email: string },
): MailMessage {
  return mail(
    to,
    "A mudança de e-mail foi desfeita",
    `Olá, ${name}.\n\nO e-mail do seu cadastro no Habilita voltou a ser ${email}, e todas as ` +
      "sessões foram encerradas.\n\nSe você não reconhece a mudança que foi desfeita, troque também " +
      `a senha: ${origin}/recuperar-senha`,
  );
}
