import type { MailMessage } from "../store/records/outbox.ts";
import { mail } from "./mails.ts";

/** To the address of whoever had declared a CPF that its holder has come for. */
export function recordLostMail(to: string, origin: string): MailMessage {
  return mail(
    to,
    "O cadastro com este CPF mudou de mãos",
    "O cadastro do Habilita que usava este e-mail foi feito com um CPF que ainda não tinha sido " +
      "conferido. Agora o titular do CPF provou quem é, e o cadastro ficou com ele: a " +
      "senha, as sessões e a ligação com o Telegram que existiam não valem mais.\n\n" +
      "Se o titular é você, não é preciso fazer nada: continue como entrou agora. Se não é, faça o " +
      `cadastro com o seu próprio CPF:\n\n    ${origin}/cadastro`,
  );
}

/** To the holder, once their address is confirmed. */
export function recordTakenMail(to: string, name: string, origin: string): MailMessage {
  return mail(
    to,
    "Já havia um cadastro com o seu CPF",
    `Olá, ${name}.\n\nAntes de você, alguém tinha feito um cadastro no Habilita ` +
      "declarando o seu CPF. Encerramos a senha, as sessões, o e-mail e o Telegram desse cadastro; ele " +
      "agora é seu.\n\nPedidos e acessos que já existiam continuam como estavam. Confira se são seus em " +
      `${origin}/solicitar e, se não forem, fale com o administrador do estabelecimento.`,
  );
}
