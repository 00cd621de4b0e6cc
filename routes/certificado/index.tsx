import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { openVisit } from "@/core/account/session.ts";
import { createChallenge, identifyByCertificate } from "@/core/certificate/login.ts";
import { explain } from "@/core/messages.ts";
import { agentOf } from "@/http/caller.ts";
import { browserCertificateSource, signInBy } from "@/http/certificate.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import type { Deps } from "@/core/deps.ts";
import type { Session } from "@/core/store/records/session.ts";
import { BrowserCertificate } from "./(_components)/browser.tsx";
import CertificateLogin from "./(_islands)/CertificateLogin.tsx";

interface Data {
  challenge: { id: string; text: string };
  error: string | null;
  /** Where the certificate that the browser holds can be used. */
  source: ReturnType<typeof browserCertificateSource>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { deps, caller, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    ctx.state.title = TITLE;
    const anonymous = session ?? openVisit(deps, { agent: agentOf(ctx.req) });
    const expired = ctx.url.searchParams.has("vencido");
    const error = expired ? explain({ code: "certificate_expired_meanwhile" }) : null;
    const shown = page({
      challenge: newChallenge(deps, anonymous),
      error,
      source: browserCertificateSource(ctx),
    });
    if (!session) shown.headers = await cookieOf(deps, anonymous);
    return shown;
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    if (session?.state.kind !== "anonymous") return ctx.redirect("/entrar?fim", 303);
    const form = await readForm(ctx.req);
    const company = await identifyByCertificate(deps, {
      challenge: form.text("challenge"),
      certificates: form.text("certificates"),
      signature: form.text("signature"),
      algorithm: form.text("algorithm"),
      sessionId: session.id,
      purpose: "login",
    });
    const entry = await signInBy(ctx, session, company);
    if (entry.ok) return entry.data;
    ctx.state.title = TITLE;
    const challenge = newChallenge(deps, session);
    return page({ challenge, error: explain(entry), source: browserCertificateSource(ctx) }, {
      status: 422,
    });
  },
});

const TITLE = "Entrar com certificado digital";

function newChallenge(deps: Deps, session: Session): Data["challenge"] {
  const { id, text } = createChallenge(deps, { purpose: "login", sessionId: session.id });
  return { id, text };
}

async function cookieOf(deps: Deps, session: Session): Promise<Headers> {
  return (await setSessionCookie(new Response(), deps, session)).headers;
}

export default define.page<typeof handler>(function CertificateDoor({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      {data.error && (
        <Notice kind="error">
          {data.error} <a href="/certificado/diagnostico">Entender o problema</a>
        </Notice>
      )}
      <p>
        Escolha o arquivo do certificado A1 da empresa (.pfx ou .p12). O arquivo, a chave e a senha
        dele <strong>não saem deste computador</strong>: o navegador só envia a assinatura.
      </p>
      <CertificateLogin
        challengeId={data.challenge.id}
        challengeText={data.challenge.text}
        action="/certificado"
      />
      <noscript>
        <Notice kind="warning">
          Para assinar com o certificado é preciso ativar o JavaScript neste navegador. As outras
          páginas do portal funcionam sem ele.
        </Notice>
      </noscript>
      {data.source && (
        <BrowserCertificate at={data.source === "here" ? undefined : data.source.at} />
      )}
      <p>
        O certificado não é aceito?{" "}
        <a href="/certificado/diagnostico">Diagnóstico do certificado</a>.
      </p>
      <p>
        Não é o representante legal? <a href="/entrar">Entre com senha</a>.
      </p>
    </div>
  );
});
