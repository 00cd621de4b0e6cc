import type { ComponentChildren } from "preact";
import { LEVEL_NAMES } from "@/core/config/choices.ts";
import type { GovbrLevel } from "@/core/store/records/account.ts";
import { formatMoment } from "./dates.ts";

/** How a person can come into the portal. */
export interface Ways {
  password: boolean;
  /** Null where the portal is not at gov.br. */
  govbr: { used: { level: GovbrLevel; at: number } | null } | null;
  /** Of the legal representative: when the certificate of this session ends. */
  certificate: { operadora: string; notAfter: number } | null;
}

/** Each way with its state and what can be done about it. */
export function SignInOptions({ password, govbr, certificate }: Ways) {
  return (
    <dl class="facts">
      <Way name="CPF e senha">
        {password ? <a href="/conta/senha">Trocar a senha</a> : (
          <>
            Você não tem senha. <a href="/conta/senha">Criar uma senha</a>
          </>
        )}
      </Way>
      {govbr && (
        <Way name="gov.br">
          {govbr.used
            ? `Conta nível ${LEVEL_NAMES[govbr.used.level]}, usada em ${
              formatMoment(govbr.used.at)
            }`
            : "Ainda não usado. Na próxima vez, escolha “Entrar com gov.br”."}
        </Way>
      )}
      {certificate && (
        <Way name="Certificado digital">
          De {certificate.operadora}, válido até{" "}
          {formatMoment(certificate.notAfter)}, com a sua senha
        </Way>
      )}
    </dl>
  );
}

function Way({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
