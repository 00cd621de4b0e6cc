import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import {
  checkPersonCertificate,
  createChallenge,
  identifyPerson,
} from "@/core/certificate/login.ts";
import { presentEcpf } from "@/core/onboarding/joining/ecpf.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { browserCertificateSource, presentedCertificate } from "@/http/certificate.ts";
import { type Form, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { BrowserPersonCertificate } from "../(_components)/browser.tsx";
import CertificateLogin from "../(_islands)/CertificateLogin.tsx";

const TITLE = "Assinar com o e-CPF";
const PURPOSE = "prove_cpf";

/**
 * The door for a person's certificate, for an account that is logged in: it proves nothing until the
 * account's credential is entered on the page after it.
 */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/conta/cpf", 303),
  async POST(ctx) {
    const form = await readForm(ctx.req);
    const posted = form.text("acao") === "navegador" || form.text("challenge") !== "";
    if (!posted) return askForSignature(ctx);
    const presented = await present(ctx, form);
    if (presented.ok) return ctx.redirect("/conta/cpf/confirmar", 303);
    if (presented.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    return askForSignature(ctx, presented);
  },
});

function present(ctx: Context<State>, form: Form) {
  const { deps } = ctx.state;
  const { session } = requireCaller(ctx.state);
  return presentEcpf(deps, session, addressOf(ctx), async () => {
    if (form.text("acao") === "navegador") {
      const shown = presentedCertificate(ctx);
      return shown.ok ? await checkPersonCertificate(deps, shown.data) : shown;
    }
    return await identifyPerson(deps, {
      challenge: form.text("challenge"),
      certificates: form.text("certificates"),
      signature: form.text("signature"),
      algorithm: form.text("algorithm"),
      sessionId: session.id,
      purpose: PURPOSE,
    });
  });
}

function askForSignature(ctx: Context<State>, refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const { session } = requireCaller(ctx.state);
  const { id, text } = createChallenge(deps, { purpose: PURPOSE, sessionId: session.id });
  const source = browserCertificateSource(ctx);
  return show(ctx, TITLE, { challenge: { id, text }, source }, refusal);
}

export default define.page<typeof handler>(function PersonDoor({ data }) {
  const { challenge, source, error } = data;
  return (
    <Page
      title={TITLE}
      back={{ href: "/conta/cpf", label: "Como comprovar o CPF" }}
      error={error}
    >
      <p>
        Escolha o arquivo do seu e-CPF A1 (.pfx ou .p12). O arquivo, a chave e a senha dele{" "}
        <strong>não saem deste computador</strong>: o navegador só envia a assinatura.
      </p>
      <CertificateLogin
        challengeId={challenge.id}
        challengeText={challenge.text}
        action="/certificado/cpf"
        holder="person"
        button="Assinar e continuar"
      />
      <noscript>
        <Notice kind="warning">
          Para assinar com o arquivo é preciso ativar o JavaScript neste navegador. As outras
          páginas do portal funcionam sem ele.
        </Notice>
      </noscript>
      {source && <BrowserPersonCertificate at={source === "here" ? undefined : source.at} />}
      <p>
        O certificado não é aceito?{" "}
        <a href="/certificado/diagnostico">Diagnóstico do certificado</a>.
      </p>
    </Page>
  );
});
