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

/** To a person who signs in for the first time. @param hours how long the password can be used */
export const provisionalPassword = defineSecretMail(
  "provisionalPassword",
  {
    text: ({ password }) => password,
    life: ({ hours }) => hours * 60 * 60_000,
    instead: "O representante legal da operadora envia outra senha provisória, em Usuários.",
  },
  (
    { cpf, password, hours }: { cpf: string; password: string; hours: number },
    { operadora, origin }: By,
  ): MailText => {
    return {
      subject: "Seu acesso ao portal das operadoras",
      body: `${operadora} cadastrou você no Habilita.\n\n` +
        `    Endereço: ${origin}/entrar\n    CPF: ${formatCpf(cpf)}\n` +
        `    Senha provisória: ${password}\n\n` +
        `A senha provisória vale por ${hours} horas e só até o fim do primeiro acesso, em que você ` +
        "escolhe a sua própria senha.",
    };
  },
);

/** To a person who had an account before the operadora registered them. */
export const addedToOperadora = defineMail(
  "addedToOperadora",
  ({ operadora, origin }: By): MailText => {
    return {
      subject: `Você agora tem acesso a ${operadora}`,
      body:
        `${operadora} cadastrou você no Habilita. Continue entrando como você já entra, com a ` +
        `sua senha ou com gov.br:\n\n    ${origin}/entrar`,
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

/** To the address that the operadora had given by mistake: its reader is not greeted by name. */
export const contactMoved = defineMail("contactMoved", ({ operadora }: By): MailText => {
  return {
    subject: "O seu convite foi para outro e-mail",
    body: `${operadora} corrigiu o e-mail do cadastro que tinha sido feito com este endereço. A ` +
      "senha provisória enviada para cá não vale mais. Se o cadastro era seu, fale com a operadora.",
  };
});
