import { define } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { consumeAttempt, type Limit } from "@/core/account/throttle.ts";
import { diagnose } from "@/core/certificate/diagnose.ts";
import { decodeCertificates } from "@/core/certificate/login.ts";
import { readPem } from "@/core/certificate/pem.ts";
import { addressOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { CertificateReport } from "./(_components)/report.tsx";
import CertificateDiagnosis from "./(_islands)/CertificateDiagnosis.tsx";

const TITLE = "Diagnóstico do certificado";

/** Per address; each costs the portal a few signatures, and at most two fetched lists. */
const LIMIT: Limit = { what: "diagnosis", attempts: 30, window: 10 * 60_000 };

/** Open to every visitor, and nothing is kept: the answer to the form is the report itself. */
export const handler = define.handlers({
  GET: (ctx) => show(ctx, TITLE, { diagnosis: null }),
  async POST(ctx) {
    const { deps } = ctx.state;
    const attempt = await consumeAttempt(deps, LIMIT, addressOf(ctx));
    if (!attempt.ok) return show(ctx, TITLE, { diagnosis: null }, attempt, 429);
    const form = await readForm(ctx.req);
    const posted = form.text("certificates");
    const certificates = posted ? decodeCertificates(posted) : readPem(form.text("pem"));
    return show(ctx, TITLE, { diagnosis: await diagnose(deps, certificates) });
  },
});

export default define.page<typeof handler>(function CertificateDiagnosisPage({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
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
    </Page>
  );
});
