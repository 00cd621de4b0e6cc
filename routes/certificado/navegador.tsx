import { page } from "fresh";
import { define } from "@/app.ts";
import { BrowserCertificate } from "./(_components)/browser.tsx";
import { Notice } from "@/components/Notice.tsx";
import { checkCertificate } from "@/core/certificate/login.ts";
import { explain } from "@/core/messages.ts";
import { browserCertificateSource, presentedCertificate, signInBy } from "@/http/certificate.ts";

interface Data {
  error: string;
  /** Whether trying again here can help. */
  open: boolean;
}

/**
 * The certificate that the browser presented in its TLS connection. Only a POST uses it: a page
 * that is fetched beforehand or linked from elsewhere logs no person in.
 */
export const handler = define.handlers<Data>({
  GET: (ctx) => ctx.redirect("/certificado", 303),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    if (session?.state.kind !== "anonymous") return ctx.redirect("/entrar?fim", 303);
    const presented = presentedCertificate(ctx);
    const company = presented.ok ? await checkCertificate(deps, presented.data) : presented;
    const entry = await signInBy(ctx, session, company);
    if (entry.ok) return entry.data;
    ctx.state.title = TITLE;
    const open = browserCertificateSource(ctx) === "here";
    return page({ error: explain(entry), open }, { status: 422 });
  },
});

const TITLE = "Entrar com o certificado do navegador";

export default define.page<typeof handler>(function BrowserDoor({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Notice kind="error">
        {data.error} <a href="/certificado/diagnostico">Entender o problema</a>
      </Notice>
      {data.open && <BrowserCertificate />}
      <p>
        Outras entradas: <a href="/certificado">arquivo do certificado A1</a> ou{" "}
        <a href="/entrar">CPF e senha</a>. Com um e-CPF:{" "}
        <a href="/entrar?comprovar">comprovar o CPF na sua conta</a>.
      </p>
    </div>
  );
});
