import { mail } from "../../account/mails.ts";
import type { MailMessage } from "../../store/records/outbox.ts";

interface Place {
  /** Its name. */
  operadora: string;
  origin: string;
}

export function systemsChangedMail(
  to: string,
  name: string,
  systems: readonly string[],
  { operadora, origin }: Place,
): MailMessage {
  const now = systems.length > 0
    ? `Agora você acessa: ${systems.join(", ")}.`
    : "Agora nenhum sistema está concedido a você.";
  return mail(
    to,
    `Seus sistemas em ${operadora} mudaram`,
    `Olá, ${name}.\n\n${operadora} mudou os sistemas concedidos a você. ${now}\n\n` +
      `    ${origin}/painel`,
  );
}

export function deactivatedMail(to: string, name: string, { operadora }: Place): MailMessage {
  return mail(
    to,
    `Seu acesso a ${operadora} foi desativado`,
    `Olá, ${name}.\n\n${operadora} desativou o seu acesso aos sistemas dela no Habilita e aos ` +
      "estabelecimentos (CNES) que são dela. O seu cadastro e as outras operadoras para as quais você trabalha, se houver, continuam como estão." +
      "\n\nSe isso não era esperado, fale com o representante legal da operadora.",
  );
}

export function reactivatedMail(
  to: string,
  name: string,
  { operadora, origin }: Place,
): MailMessage {
  return mail(
    to,
    `Seu acesso a ${operadora} voltou`,
    `Olá, ${name}.\n\n${operadora} reativou o seu acesso, com os mesmos sistemas de antes.\n\n` +
      `    ${origin}/entrar\n\nO acesso a estabelecimentos (CNES) não volta sozinho: se você ainda ` +
      `precisa dele, peça de novo os três passos (estabelecimento, perfil e computador) em ` +
      `${origin}/solicitar`,
  );
}

export function contactMovedMail(to: string, { operadora }: Place): MailMessage {
  return mail(
    to,
    "O seu convite foi para outro e-mail",
    `${operadora} corrigiu o e-mail do cadastro que tinha sido feito com este endereço. A senha ` +
      "provisória enviada para cá não vale mais. Se o cadastro era seu, fale com a operadora.",
  );
}
