import { defineMail, defineSecretMail, type MailText } from "./mail.ts";

const MINUTE = 60_000;

/** For an address that has to be confirmed, in an account or on the way to one. */
export const confirmationCode = defineSecretMail("confirmationCode", {
  text: (code) => code,
  life: (_, minutes) => minutes * MINUTE,
  instead: "A pessoa pede outro código na página em que informou o e-mail.",
}, (code: string, minutes: number): MailText => {
  return {
    subject: `Código de confirmação: ${code}`,
    body: `O seu código de confirmação é:\n\n    ${code}\n\n` +
      `Digite-o na página em que você informou este e-mail. Ele vale por ${minutes} minutos e só ` +
      "nessa página.\n\nSe não foi você que pediu, ignore esta mensagem.",
  };
});

export const recoveryCode = defineSecretMail("recoveryCode", {
  text: (code) => code,
  life: (_, minutes) => minutes * MINUTE,
  instead: "A pessoa pede outro código em “Esqueci minha senha”.",
}, (code: string, minutes: number): MailText => {
  return {
    subject: `Código para trocar a senha: ${code}`,
    body: "Alguém pediu para trocar ou criar a sua senha. O seu código de confirmação é:\n\n" +
      `    ${code}\n\nEle vale por ${minutes} minutos, uma vez só, e apenas no navegador em que foi ` +
      "pedido. Se não foi você, ignore esta mensagem: nada muda no seu cadastro.",
  };
});

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

/** ASVS 6.3.7. */
export const passwordChanged = defineMail(
  "passwordChanged",
  (how: PasswordOrigin, origin: string): MailText => {
    const [subject, text] = PASSWORD_TEXTS[how];
    const body =
      `${text}\n\nSe não foi você, troque a senha agora em ${origin}/recuperar-senha e ` +
      "avise o representante legal da operadora.";
    return { subject, body };
  },
);

export const emailChanged = defineMail("emailChanged", (): MailText => {
  return {
    subject: "Este é o seu e-mail no portal agora",
    body: "A partir de agora os avisos do Habilita chegam neste endereço.",
  };
});

/** To the address before: its reader can take the change back. */
export const emailLeft = defineSecretMail(
  "emailLeft",
  {
    text: ({ undoAddress }) => undoAddress,
    life: ({ hours }) => hours * 60 * MINUTE,
    instead:
      "O prazo para desfazer a troca de e-mail acabou. Se a pessoa não a reconhece, fale com ela.",
  },
  (
    { newEmail, undoAddress, hours }: { newEmail: string; undoAddress: string; hours: number },
  ): MailText => {
    return {
      subject: "Seu e-mail no portal foi trocado",
      body: "O e-mail do seu cadastro no Habilita passou deste endereço para " +
        `${newEmail}.\n\nSe não foi você, desfaça a mudança em até ${hours} horas:\n\n` +
        `    ${undoAddress}`,
    };
  },
);

export const emailUndone = defineMail("emailUndone", (email: string, origin: string): MailText => {
  return {
    subject: "A mudança de e-mail foi desfeita",
    body:
      `O e-mail do seu cadastro no Habilita voltou a ser ${email}, e a senha, o Telegram e todas as ` +
      "sessões foram encerrados: quem trocou o e-mail pode conhecer a senha.\n\nPara entrar de novo, crie " +
      `outra senha com um código enviado a ${email}: ${origin}/recuperar-senha`,
  };
});

/** To the address of the record that was made by declaring a CPF, when the CPF's holder has come. */
export const recordLost = defineMail("recordLost", (origin: string): MailText => {
  return {
    subject: "O cadastro com este CPF mudou de mãos",
    body:
      "O cadastro do Habilita que usava este e-mail foi feito com um CPF que ainda não tinha sido " +
      "conferido. Agora o titular do CPF provou quem é, e o cadastro ficou com ele: a " +
      "senha, as sessões e a ligação com o Telegram que existiam não valem mais.\n\n" +
      "Se o titular é você, não é preciso fazer nada: continue como entrou agora. Se não é, faça o " +
      `cadastro com o seu próprio CPF:\n\n    ${origin}/cadastro`,
  };
});

/** To the holder, once their address is confirmed. */
export const recordTaken = defineMail("recordTaken", (origin: string): MailText => {
  return {
    subject: "Já havia um cadastro com o seu CPF",
    body: "Antes de você, alguém tinha feito um cadastro no Habilita declarando o seu CPF. " +
      "Encerramos a senha, as sessões, o e-mail e o Telegram desse cadastro; ele agora é seu.\n\n" +
      "Pedidos e acessos que já existiam continuam como estavam. Confira se são seus em " +
      `${origin}/solicitar e, se não forem, fale com o administrador do estabelecimento.`,
  };
});

/** To the owner: gov.br has proved the CPF of this very account, and signs in to it from now on. */
export const accountJoined = defineMail(
  "accountJoined",
  ({ level, confirmed }: { level: string; confirmed: boolean }, origin: string): MailText => {
    const password = confirmed
      ? "A senha que você digitou continua valendo por inteiro."
      : "A senha da conta, se há uma, continua abrindo a conta, mas só vale para o que depende do " +
        "CPF comprovado depois que você a confirmar.";
    return {
      subject: "Sua conta foi juntada à sua conta gov.br",
      body: `O gov.br (nível ${level}) comprovou o CPF da sua conta no Habilita, e agora você ` +
        `também entra com gov.br. As outras sessões foram encerradas.\n\n${password}\n\n` +
        "Se não foi você, troque a senha da conta gov.br em https://www.gov.br/governodigital, a " +
        `daqui em ${origin}/recuperar-senha, e avise o responsável pelo portal.`,
    };
  },
);

/** To the owner: their e-CPF has proved the CPF of the account. */
export const cpfProvedByEcpf = defineMail(
  "cpfProvedByEcpf",
  ({ type, confirmed }: { type: string; confirmed: boolean }, origin: string): MailText => {
    const password = confirmed
      ? "A senha que você digitou continua valendo por inteiro."
      : "A senha da conta, se há uma, continua abrindo a conta, mas só vale para o que depende do " +
        "CPF comprovado depois que você a confirmar.";
    return {
      subject: "O CPF da sua conta foi comprovado com e-CPF",
      body: `Um certificado e-CPF (tipo ${type}) comprovou o CPF da sua conta no Habilita. As ` +
        `outras sessões foram encerradas.\n\n${password}\n\n` +
        "Se não foi você, alguém tem o seu certificado e entrou na sua conta: peça à certificadora " +
        `que o revogue, troque a senha em ${origin}/recuperar-senha e avise o responsável pelo portal.`,
    };
  },
);

/** To the owner of an account that had proved its CPF by e-CPF, when gov.br has proved it elsewhere. */
export const cpfProofLost = defineMail(
  "cpfProofLost",
  (origin: string): MailText => ({
    subject: "O CPF desta conta deixou de estar comprovado",
    body:
      "O gov.br comprovou noutra conta do Habilita o CPF que esta conta tinha comprovado com e-CPF. " +
      "O gov.br vale mais, e um CPF só fica comprovado numa conta: nesta ele volta a ser declarado. O " +
      "que foi concedido a esta conta continua com ela; o que dependia do CPF comprovado parou, e as " +
      "sessões foram encerradas.\n\nSe as duas contas são suas, use a que entra com gov.br:\n\n" +
      `    ${origin}/govbr\n\nSe não são, avise o responsável pelo portal.`,
  }),
);

/** To the owner of another account with the same CPF. */
export const cpfProvedElsewhere = defineMail(
  "cpfProvedElsewhere",
  (origin: string): MailText => ({
    subject: "Outra conta comprovou o seu CPF",
    body:
      "Alguém comprovou por gov.br, noutra conta do Habilita, o CPF que está nesta conta. O que " +
      "foi concedido a esta conta continua com ela.\n\nSe as duas contas são suas, entre com gov.br " +
      `e junte-as:\n\n    ${origin}/govbr\n\nSe não são, confira o CPF desta conta em ` +
      `${origin}/conta e fale com quem cadastrou você.`,
  }),
);

/** @param chat name of the Telegram account, as Telegram shows it */
export const telegramChanged = defineMail(
  "telegramChanged",
  (how: "linked" | "unlinked", chat: string, origin: string): MailText => {
    const what = how === "linked"
      ? `A conta do Telegram “${chat}” foi ligada`
      : `A conta “${chat}” foi desligada`;
    return {
      subject: how === "linked" ? "Telegram ligado à sua conta" : "Telegram desligado da sua conta",
      body: `${what} do seu cadastro no Habilita.\n\n` +
        `Se não foi você, desfaça em ${origin}/conta/telegram e troque a sua senha.`,
    };
  },
);

export const telegramBlocked = defineMail("telegramBlocked", (origin: string): MailText => {
  return {
    subject: "O robô do Telegram está bloqueado",
    body: "O Telegram não entrega mais as mensagens do Habilita a você: o robô foi bloqueado. " +
      "Enquanto for assim, você recebe os avisos por e-mail e decide os pedidos no " +
      `portal:\n\n    ${origin}/pedidos\n\nPara voltar a receber no Telegram, desbloqueie o robô ` +
      `e toque em Iniciar. Para desligar o Telegram: ${origin}/conta/telegram`,
  };
});

/** To the person of an account that a password was right for, after many that were wrong. */
export const signInCode = defineSecretMail("signInCode", {
  text: (code) => code,
  life: (_, minutes) => minutes * MINUTE,
  instead: "A pessoa entra de novo com a senha, e outro código é enviado.",
}, (code: string, minutes: number): MailText => {
  return {
    subject: `Código para entrar: ${code}`,
    body:
      "Alguém digitou a sua senha no Habilita. Como houve muitas tentativas com senha errada, o " +
      `portal pede também este código de confirmação. O seu código de confirmação é:\n\n    ${code}` +
      `\n\nEle vale por ${minutes} minutos, uma vez só, e apenas no navegador em que foi pedido. Se ` +
      "não foi você, alguém sabe a sua senha: não passe o código a ninguém e troque a senha.",
  };
});

/** @param attempts in one day, over all networks */
export const manyAttempts = defineMail(
  "manyAttempts",
  (attempts: number, origin: string): MailText => {
    return {
      subject: "Muitas tentativas de entrar na sua conta",
      body:
        `Hoje houve mais de ${attempts} tentativas de entrar na sua conta do Habilita com senha ` +
        "errada. Por segurança, até amanhã o portal pede, além da senha, um código que chega neste " +
        "e-mail. Entrar com gov.br continua como antes.\n\nSe não foi você, não é preciso fazer " +
        `nada: só quem lê este e-mail entra. Para trocar a senha: ${origin}/recuperar-senha`,
    };
  },
);
