import { formatCnpj } from "../../registry/numbers.ts";
import type { MailMessage } from "../../store/records/outbox.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { Divergence, PresentedCertificate } from "../../store/records/session.ts";
import { CODE_LIFE } from "../../account/code.ts";
import { mail } from "../../account/mails.ts";

interface Registered {
  certificate: PresentedCertificate;
  operadora: Operadora;
  divergences: readonly Divergence[];
}

/** To the operadora's address in CADOP; states the difference, if there is one (J5). */
export function registrationCodeMail(
  to: string,
  { code, ...registered }: Registered & { code: string },
): MailMessage {
  return mail(
    to,
    `Código de Confirmação do certificado: ${code}`,
    `O código de confirmação é:\n\n    ${code}\n\n` +
      "Alguém apresentou no Habilita um certificado digital e pediu que ele passe a abrir o portal " +
      `em nome de ${registered.operadora.razaoSocial} (CNPJ ${
        formatCnpj(registered.operadora.cnpj)
      }).\n\n` +
      describe(registered) +
      "Se a operadora quer registrar este certificado, o código deve ser digitado na página que o " +
      `pediu. Ele vale por ${
        CODE_LIFE / 60_000
      } minutos e só nessa página. O certificado registrado ` +
      "antes, se houver, deixa de valer.\n\n" +
      "Se a operadora não reconhece este pedido, não passe o código a ninguém: sem ele nada muda.",
  );
}

/** To the operadora's address in CADOP and to the representative bound until now (ASVS 6.3.7). */
export function certificateRegisteredMail(
  to: string,
  { replaced, ...registered }: Registered & { replaced: boolean },
): MailMessage {
  return mail(
    to,
    "Novo certificado registrado para a operadora",
    `Um certificado digital foi registrado no Habilita para ${registered.operadora.razaoSocial} ` +
      `(CNPJ ${
        formatCnpj(registered.operadora.cnpj)
      }), com o código enviado ao e-mail da operadora ` +
      `no cadastro da ANS (CADOP).\n\n` +
      describe(registered) +
      (replaced
        ? "O certificado registrado antes deixou de valer, e as sessões abertas com ele foram " +
          "encerradas.\n\n"
        : "") +
      "Se a operadora não reconhece este registro, entre no portal com o certificado da operadora " +
      "para registrá-lo de novo e avise o responsável pelo portal.",
  );
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
