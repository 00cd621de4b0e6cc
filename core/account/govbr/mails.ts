import type { MailMessage } from "../../outbox/message.ts";
import { mail } from "../mails.ts";

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

/** To the address of whoever had declared a CPF that its holder has come for. */
export function recordLostMail(to: string, origin: string): MailMessage {
  return mail(
    to,
    "O cadastro com este CPF mudou de mãos",
    "O cadastro do Habilita que usava este e-mail foi feito com um CPF que ainda não tinha sido " +
      "conferido. Agora o titular do CPF entrou com a conta gov.br, e o cadastro ficou com ele: a " +
      "senha, as sessões e a ligação com o Telegram que existiam não valem mais.\n\n" +
      "Se o titular é você, não é preciso fazer nada: continue entrando com gov.br. Se não é, faça o " +
      `cadastro com o seu próprio CPF:\n\n    ${origin}/cadastro`,
  );
}

/** To the holder, once their address is confirmed. */
export function recordTakenMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    "Já havia um cadastro com o seu CPF",
    `Olá, ${name}.\n\nAntes de você entrar com gov.br, alguém tinha feito um cadastro no Habilita ` +
      "declarando o seu CPF. Encerramos a senha, as sessões, o e-mail e o Telegram desse cadastro; ele " +
      "agora é seu.\n\nPedidos e acessos que já existiam continuam como estavam. Confira se são seus em " +
      `${origin}/solicitar e, se não forem, fale com o administrador do estabelecimento.`,
  );
}
