import { page } from "fresh";
import { define } from "@/app.ts";
import { CertificateReport } from "./(_components)/report.tsx";
import { FormError } from "@/components/Notice.tsx";
import { consumeAttempt, type Limit } from "@/core/account/throttle.ts";
import { diagnose, type Diagnosis } from "@/core/certificate/diagnose.ts";
import { decodeCertificates } from "@/core/certificate/login.ts";
import { readPem } from "@/core/certificate/pem.ts";
import { explain } from "@/core/messages.ts";
import { addressOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import CertificateDiagnosis from "@/islands/CertificateDiagnosis.tsx";

interface Data {
  error: string | null;
  diagnosis: Diagnosis | null;
}

/** Per address; each costs the portal a few signatures, and at most two fetched lists. */
const LIMIT: Limit = { what: "diagnosis", attempts: 30, window: 10 * 60_000 };

/** Open to everybody, and nothing is kept: the answer to the form is the report itself. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    ctx.state.title = TITLE;
    return page({ error: null, diagnosis: null });
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    ctx.state.title = TITLE;
    const attempt = await consumeAttempt(deps, LIMIT, addressOf(ctx));
    if (!attempt.ok) return page({ error: explain(attempt), diagnosis: null }, { status: 429 });
    const form = await readForm(ctx.req);
    const posted = form.text("certificates");
    const certificates = posted ? decodeCertificates(posted) : readPem(form.text("pem"));
    return page({ error: null, diagnosis: await diagnose(deps, certificates) });
  },
});

const TITLE = "Diagnóstico do certificado";

export default define.page<typeof handler>(function CertificateDiagnosisPage({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <FormError message={data.error} />
      {data.diagnosis && <CertificateReport diagnosis={data.diagnosis} />}
      <h2>{data.diagnosis ? "Conferir outro certificado" : "Escolha o certificado"}</h2>
      <p>
        Aqui o portal confere cada condição do certificado e diz qual não é cumprida. O arquivo, a
        chave e a senha{" "}
        <strong>não saem deste computador</strong>: só o certificado público é enviado, e nada é
        guardado.
      </p>
      <CertificateDiagnosis action="/certificado/diagnostico" />
      <details>
        <summary>Colar o certificado público (PEM)</summary>
        <form method="post" action="/certificado/diagnostico">
          <div class="field">
            <label for="pem">Certificado em texto</label>
            <textarea
              id="pem"
              name="pem"
              rows={8}
              maxLength={100_000}
              placeholder="-----BEGIN CERTIFICATE-----"
              spellcheck={false}
              aria-describedby="pem-help"
              required
            />
            <p class="hint" id="pem-help">
              De -----BEGIN CERTIFICATE----- a -----END CERTIFICATE-----. Nunca cole a chave privada
              (PRIVATE KEY).
            </p>
          </div>
          <button class="button primary" type="submit">Conferir</button>
        </form>
      </details>
      <p>
        <a href="/certificado">Voltar à entrada com certificado</a>
      </p>
    </div>
  );
});
