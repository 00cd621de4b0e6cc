import { Notice } from "@/components/Notice.tsx";
import { Fact } from "@/components/tables.tsx";
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
        <Fact name="Tipo">{kindName}</Fact>
        <Fact name="Razão social">{companyName ?? NONE}</Fact>
        <Fact name="CNPJ">{cnpj ?? NONE}</Fact>
        <Fact name="Responsável">
          {responsible ? `${responsible.name} (CPF ${responsible.cpf})` : NONE}
        </Fact>
        <Fact name="Validade">de {presented.validFrom} a {presented.validUntil}</Fact>
        <Fact name="Titular">{presented.subject}</Fact>
        <Fact name="Emitido por">{issuer}</Fact>
        <Fact name="Autoridades acima">
          {authorities.map(({ name, validUntil }) => `${name} (até ${validUntil})`).join(" → ") ||
            "Nenhuma reconhecida"}
        </Fact>
        <Fact name="Políticas">{policies.join(", ") || NONE}</Fact>
        <Fact name="Número de série">{presented.serial}</Fact>
        <Fact name="Impressão digital (SHA-256)">{presented.sha256}</Fact>
      </dl>
    </>
  );
}

const NONE = "Não informado";
