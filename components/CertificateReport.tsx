import { Notice } from "./Notice.tsx";
import type { DiagnosedCertificate, Diagnosis } from "@/core/certificate/diagnose.ts";
import { advice, checkNames, outcomeNames } from "@/core/certificate/diagnose_messages.ts";
import { explain } from "@/core/messages.ts";

/** What was presented, each check with its outcome, and what to do. */
export function CertificateReport({ diagnosis }: { diagnosis: Diagnosis }) {
  const { accepted, checks, presented } = diagnosis;
  return (
    <section aria-labelledby="report">
      <h2 id="report">Resultado</h2>
      <Notice kind={accepted ? "success" : "error"}>{advice(diagnosis)}</Notice>
      <ul class="checks">
        {checks.map(({ check, outcome, reason }) => (
          <li key={check} class={outcome}>
            <strong>{outcomeNames[outcome]}:</strong> {checkNames[check]}
            {reason && <p>{explain(reason)}</p>}
          </li>
        ))}
      </ul>
      {presented && <Presented {...presented} />}
    </section>
  );
}

function Presented(presented: DiagnosedCertificate) {
  const { authorities, cnpj, companyName, issuer, kindName, policies, responsible } = presented;
  return (
    <>
      <h3>O que o certificado diz</h3>
      <dl class="facts">
        <dt>Tipo</dt>
        <dd>{kindName}</dd>
        <dt>Razão social</dt>
        <dd>{companyName ?? NONE}</dd>
        <dt>CNPJ</dt>
        <dd>{cnpj ?? NONE}</dd>
        <dt>Responsável</dt>
        <dd>{responsible ? `${responsible.name} (CPF ${responsible.cpf})` : NONE}</dd>
        <dt>Validade</dt>
        <dd>de {presented.validFrom} a {presented.validUntil}</dd>
        <dt>Titular</dt>
        <dd>{presented.subject}</dd>
        <dt>Emitido por</dt>
        <dd>{issuer}</dd>
        <dt>Autoridades acima</dt>
        <dd>
          {authorities.length === 0
            ? "Nenhuma reconhecida"
            : authorities.map(({ name, validUntil }) => `${name} (até ${validUntil})`).join(" → ")}
        </dd>
        <dt>Políticas</dt>
        <dd>{policies.join(", ") || NONE}</dd>
        <dt>Número de série</dt>
        <dd>{presented.serial}</dd>
        <dt>Impressão digital (SHA-256)</dt>
        <dd>{presented.sha256}</dd>
      </dl>
    </>
  );
}

const NONE = "Não informado";
