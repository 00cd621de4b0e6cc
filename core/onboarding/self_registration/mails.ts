import type { Config } from "../../config/mod.ts";
import type { Person } from "../../store/records/account.ts";
import type { MailMessage } from "../../store/records/outbox.ts";
import { mail } from "../../account/mails.ts";

const SUBJECT = "Alguém tentou se cadastrar no portal";

/**
 * To somebody who is in the portal: their CPF was typed at the self-registration. Says how to enter,
 * as their record stands.
 */
export function cpfKnownMail(to: string, person: Person, origin: string): MailMessage {
  return mail(
    to,
    SUBJECT,
    `Olá, ${person.name}.\n\nAlguém começou um cadastro no Habilita com o seu CPF. Nada mudou: você já ` +
      `tem cadastro.\n\n${howToEnter(person, origin)}\n\n` +
      "Se não foi você, não é preciso fazer nada.",
  );
}

function howToEnter(person: Person, origin: string): string {
  if (!person.active) {
    return "O seu cadastro está desativado. Fale com o representante legal da operadora.";
  }
  if (person.email) {
    return `Para entrar: ${origin}/entrar\nSe esqueceu a senha: ${origin}/recuperar-senha`;
  }
  return "Falta só o primeiro acesso. Entre com o CPF e a senha provisória que a operadora mandou para " +
    `este e-mail:\n\n    ${origin}/entrar\n\nSe a senha provisória venceu (ela vale por 72 horas), peça ` +
    "outra ao representante legal da operadora.";
}

/** To somebody whose e-mail address was typed with another CPF. */
export function emailKnownMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    SUBJECT,
    `Olá, ${name}.\n\nAlguém começou um cadastro no Habilita com este e-mail, que já é o do seu ` +
      "cadastro. Nada mudou: cada e-mail pertence a uma pessoa.\n\n" +
      `Para entrar: ${origin}/entrar\nSe esqueceu a senha: ${origin}/recuperar-senha\n\n` +
      "Se não foi você, não é preciso fazer nada.",
  );
}

const PROVE = " Para confirmar quem você é, entre uma vez com a sua conta gov.br.";

export function selfRegisteredMail(
  to: string,
  name: string,
  { origin, govbr }: Pick<Config, "origin" | "govbr">,
): MailMessage {
  return mail(
    to,
    "Cadastro concluído",
    `Olá, ${name}.\n\nSeu cadastro no Habilita foi concluído e este e-mail foi confirmado.\n` +
      `Para pedir acesso a um estabelecimento: ${origin}/solicitar\n\n` +
      "Quem decide os seus pedidos vê que o CPF e o CNS foram declarados por você e ainda não foram " +
      `conferidos.${govbr ? PROVE : ""}`,
  );
}
