import { formatCnpj } from "../registry/numbers.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { Divergence, PresentedCertificate } from "../store/records/session.ts";
import { defineMail, defineSecretMail, type MailText, takenFrom } from "./mail.ts";

export const firstAccessDone = defineMail("firstAccessDone", (origin: string): MailText => {
  return {
    subject: "Primeiro acesso concluído",
    body: "Seu primeiro acesso ao Habilita foi concluído e este e-mail foi confirmado.\n" +
      `Para entrar: ${origin}\n\nSe não foi você, avise o representante legal da operadora.`,
  };
});

/** To the operadora. */
export const representativeBound = defineMail(
  "representativeBound",
  (name: string, operadora: string): MailText => {
    return {
      subject: "Certificado digital registrado no portal",
      body: `${name} concluiu o primeiro acesso como representante legal de ${operadora}, com o ` +
        "certificado digital da empresa.\n\nSe a operadora não reconhece este acesso, revogue o " +
        "certificado junto à autoridade certificadora e avise o responsável pelo portal.",
    };
  },
);

const PROVE = " Para confirmar quem você é, entre uma vez com a sua conta gov.br.";

/** @param mayProve whether the portal takes gov.br accounts */
export const selfRegistered = defineMail(
  "selfRegistered",
  (origin: string, mayProve: boolean): MailText => {
    return {
      subject: "Cadastro concluído",
      body: "Seu cadastro no Habilita foi concluído e este e-mail foi confirmado.\n" +
        `Para pedir acesso a um estabelecimento: ${origin}/solicitar\n\n` +
        "Quem decide os seus pedidos vê que o CPF e o CNS foram declarados por você e ainda não foram " +
        `conferidos.${mayProve ? PROVE : ""}`,
    };
  },
);

interface Registered {
  certificate: Pick<PresentedCertificate, "cnpj" | "companyName" | "notAfter" | "sha256">;
  operadora: Pick<Operadora, "cnpj" | "razaoSocial">;
  divergences: readonly Divergence[];
}

/** What a mail says of a registration; no more of the certificate and of CADOP is kept for it. */
function registeredOf({ certificate, operadora, divergences }: Registered): Registered {
  const { cnpj, companyName, notAfter, sha256 } = certificate;
  const { razaoSocial } = operadora;
  return {
    certificate: { cnpj, companyName, notAfter, sha256 },
    operadora: { cnpj: operadora.cnpj, razaoSocial },
    divergences,
  };
}

/** To the operadora's address in CADOP; states the difference, if there is one (J5). */
export const registrationCode = takenFrom(
  (
    given: Registered & { code: string; minutes: number },
  ) => [{ ...registeredOf(given), code: given.code, minutes: given.minutes }],
  defineSecretMail(
    "registrationCode",
    {
      text: ({ code }) => code,
      life: ({ minutes }) => minutes * 60_000,
      instead: "Quem registra o certificado pede outro código na página do registro.",
    },
    (
      { code, minutes, ...registered }: Registered & { code: string; minutes: number },
    ): MailText => {
      return {
        subject: `Código de Confirmação do certificado: ${code}`,
        body: `O código de confirmação é:\n\n    ${code}\n\n` +
          "Alguém apresentou no Habilita um certificado digital e pediu que ele passe a abrir o portal " +
          `em nome de ${nameOf(registered.operadora)}.\n\n` + describe(registered) +
          "Se a operadora quer registrar este certificado, o código deve ser digitado na página que o " +
          `pediu. Ele vale por ${minutes} minutos e só nessa página. O certificado registrado ` +
          "antes, se houver, deixa de valer.\n\n" +
          "Se a operadora não reconhece este pedido, não passe o código a ninguém: sem ele nada muda.",
      };
    },
  ),
);

/** To the operadora's address in CADOP and to the representative bound until now (ASVS 6.3.7). */
export const certificateRegistered = takenFrom(
  (
    given: Registered & { replaced: boolean },
  ) => [{ ...registeredOf(given), replaced: given.replaced }],
  defineMail(
    "certificateRegistered",
    ({ replaced, ...registered }: Registered & { replaced: boolean }): MailText => {
      return {
        subject: "Novo certificado registrado para a operadora",
        body:
          `Um certificado digital foi registrado no Habilita para ${
            nameOf(registered.operadora)
          }, ` +
          "com o código enviado ao e-mail da operadora no cadastro da ANS (CADOP).\n\n" +
          describe(registered) +
          (replaced
            ? "O certificado registrado antes deixou de valer, e as sessões abertas com ele foram " +
              "encerradas.\n\n"
            : "") +
          "Se a operadora não reconhece este registro, entre no portal com o certificado da operadora " +
          "para registrá-lo de novo e avise o responsável pelo portal.",
      };
    },
  ),
);

function nameOf({ razaoSocial, cnpj }: Registered["operadora"]): string {
  return `${razaoSocial} (CNPJ ${formatCnpj(cnpj)})`;
}

function describe({ certificate, operadora, divergences }: Registered): string {
  const { cnpj, companyName, notAfter, sha256 } = certificate;
  const facts = `Certificado apresentado:\n` +
    `  Razão social  ${oneLine(companyName)}\n` +
    `  CNPJ          ${formatCnpj(cnpj)}\n` +
    `  Válido até    ${new Date(notAfter).toLocaleDateString("pt-BR", { timeZone: TIME_ZONE })}\n` +
    `  SHA-256       ${sha256}\n\n`;
  if (divergences.length === 0) return facts;
  const rows: Record<Divergence, string> = {
    cnpj: `  CNPJ: no certificado ${formatCnpj(cnpj)}, no CADOP ${formatCnpj(operadora.cnpj)}\n`,
    razao_social: `  Razão social: no certificado “${oneLine(companyName)}”, no CADOP “${
      oneLine(operadora.razaoSocial)
    }”\n`,
  };
  return `${facts}ATENÇÃO: os dados do certificado divergem dos da operadora.\n` +
    `${divergences.map((divergence) => rows[divergence]).join("")}\n`;
}

const TIME_ZONE = "America/Sao_Paulo";

/** A name out of a certificate must not add lines to what the portal says. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, " ").trim();
}
