/** What mails say to the people whom an operadora has registered. Portuguese. */
import { formatCpf } from "../registry/numbers.ts";
import { defineMail, defineSecretMail, type MailText } from "./mail.ts";

/** What every text about an operadora needs. */
export interface By {
  /** Name of the operadora. */
  operadora: string;
  /** Address of the portal. */
  origin: string;
}

/**
 * To the mailbox that an operadora has named, the same whoever reads it.
 *
 * @param hours how long the password can be used
 * @param until when the invitation ends (milliseconds since the epoch)
 */
export const invited = defineSecretMail(
  "invited",
  {
    text: ({ password }) => password,
    life: ({ hours }) => hours * 60 * 60_000,
    instead: "A operadora renova o convite, em Usuários.",
  },
  (
    { cpf, password, hours, until }: {
      cpf: string;
      password: string;
      hours: number;
      until: number;
    },
    { operadora, origin }: By,
  ): MailText => {
    const day = new Date(until).toLocaleDateString("pt-BR", { timeZone: "America/Sao_Paulo" });
    return {
      subject: "Seu acesso ao portal das operadoras",
      body:
        `${operadora} cadastrou você no Habilita. Para aceitar, entre com o seu login e a senha ` +
        `provisória:\n\n    Endereço: ${origin}/entrar\n    Login (CPF): ${formatCpf(cpf)}\n` +
        `    Senha provisória: ${password}\n\n` +
        `A senha provisória vale por ${hours} horas e serve só para aceitar este convite. Se você já tem ` +
        `conta no portal, a sua senha continua a mesma.\n\n` +
        `O convite vale até ${day}. Depois, a operadora pode enviar outro.\n\n` +
        "Se não é com você, abra o convite e escolha “Não é comigo”: a operadora será avisada.",
    };
  },
);

/** To the mailbox of an invitation that the operadora took back: its reader is not greeted by name. */
export const invitationRevoked = defineMail(
  "invitationRevoked",
  ({ operadora }: By): MailText => {
    return {
      subject: `O convite de ${operadora} foi cancelado`,
      body:
        `${operadora} cancelou o convite que tinha enviado para este e-mail. A senha provisória ` +
        "não vale mais. Se o convite era seu, fale com a operadora.",
    };
  },
);

/** To the one who invited somebody. */
export const invitationDeclined = defineMail(
  "invitationDeclined",
  ({ name, email }: { name: string; email: string }, { operadora, origin }: By): MailText => {
    return {
      subject: "Um convite foi recusado",
      body:
        `O convite de ${operadora} para ${name}, enviado para ${email}, foi recusado: quem o abriu ` +
        "respondeu “Não é comigo”. Nada foi concedido.\n\n" +
        `Confira o CPF e o e-mail com a pessoa e, se for o caso, convide de novo:\n\n` +
        `    ${origin}/usuarios/novo`,
    };
  },
);

/** To a person who has accepted with the account that they had. */
export const addedToOperadora = defineMail(
  "addedToOperadora",
  ({ operadora, origin }: By): MailText => {
    return {
      subject: `Você agora tem acesso a ${operadora}`,
      body:
        `Você aceitou o convite de ${operadora} no Habilita. Continue entrando como você já entra, ` +
        `com a sua senha ou com gov.br:\n\n    ${origin}/entrar\n\n` +
        "Se não foi você, troque a sua senha e fale com a operadora.",
    };
  },
);

/** @param systems names of those that the person may use now */
export const systemsChanged = defineMail(
  "systemsChanged",
  (systems: readonly string[], { operadora, origin }: By): MailText => {
    const now = systems.length > 0
      ? `Agora você acessa: ${systems.join(", ")}.`
      : "Agora nenhum sistema está concedido a você.";
    return {
      subject: `Seus sistemas em ${operadora} mudaram`,
      body: `${operadora} mudou os sistemas concedidos a você. ${now}\n\n    ${origin}/painel`,
    };
  },
);

/** To a person whom the operadora has switched off. */
export const userDeactivated = defineMail("userDeactivated", ({ operadora }: By): MailText => {
  return {
    subject: `Seu acesso a ${operadora} foi desativado`,
    body: `${operadora} desativou o seu acesso aos sistemas dela no Habilita e aos ` +
      "estabelecimentos (CNES) que são dela. O seu cadastro e as outras operadoras para as quais " +
      "você trabalha, se houver, continuam como estão.\n\n" +
      "Se isso não era esperado, fale com o representante legal da operadora.",
  };
});

/** To a person whom the operadora has switched on again. */
export const userReactivated = defineMail(
  "userReactivated",
  ({ operadora, origin }: By): MailText => {
    return {
      subject: `Seu acesso a ${operadora} voltou`,
      body: `${operadora} reativou o seu acesso, com os mesmos sistemas de antes.\n\n` +
        `    ${origin}/entrar\n\nO acesso a estabelecimentos (CNES) não volta sozinho: se você ainda ` +
        "precisa dele, peça de novo os três passos (estabelecimento, perfil e computador) em " +
        `${origin}/solicitar`,
    };
  },
);
