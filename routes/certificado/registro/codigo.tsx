import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { CERTIFICATE_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { finishRegistration } from "@/core/onboarding/certificate_registration/finish.ts";
import {
  changeCnpj,
  resendRegistrationCode,
} from "@/core/onboarding/certificate_registration/steps.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import { getOperadora } from "@/core/registry/operadora.ts";
import { NEXT_PAGE } from "@/http/certificate.ts";
import { leadToStep, showStep } from "@/http/onboarding.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  razaoSocial: string;
  /** Masked. */
  email: string;
  error: string | null;
  resent: boolean;
}

const TITLE = "Código de Confirmação";

/** The code that went to the operadora's e-mail in CADOP. */
export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const action = form.text("acao");
    if (action === "corrigir") {
      const back = await changeCnpj(deps, session, "codigo");
      return back.ok ? ctx.redirect("/certificado/registro", 303) : leadToStep(ctx, back);
    }
    if (action === "reenviar") {
      const sent = await resendRegistrationCode(deps, session);
      if (sent.ok) return ctx.redirect("/certificado/registro/codigo?reenviado", 303);
      return await show(ctx, sent);
    }
    const done = await finishRegistration(deps, session, form.text("codigo"));
    if (!done.ok) return await show(ctx, done);
    const next = NEXT_PAGE[done.data.next];
    return await setSessionCookie(ctx.redirect(next, 303), deps, done.data.session);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(
    ctx,
    ["certificate_registration", "codigo"],
    refusal,
    async ({ onboarding }, error): Promise<Data> => {
      ctx.state.title = TITLE;
      const operadora = await getOperadora(ctx.state.deps, onboarding.operadora!);
      return {
        razaoSocial: operadora?.razaoSocial ?? "",
        email: maskEmail(onboarding.sentTo!),
        error,
        resent: !refusal && ctx.url.searchParams.has("reenviado"),
      };
    },
  );
}

export default define.page<typeof handler>(function RegistrationCode({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={CERTIFICATE_REGISTRATION_LABELS} current={2} />}
      notice={data.resent ? "Enviamos um código novo. O anterior não vale mais." : null}
      error={data.error}
    >
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para <strong>{data.email}</strong>, o e-mail de{" "}
          {data.razaoSocial} no cadastro da ANS (CADOP). Ele vale por 10 minutos, só nesta página.
        </p>
        <CodeField label="Código de Confirmação" />
        <button class="button primary" type="submit">Finalizar</button>
      </form>
      <p class="hint">
        O endereço não é mais da operadora? Atualize o e-mail no cadastro da ANS e volte com o
        certificado: o código só pode ser enviado para lá.
      </p>
      <form method="post" class="actions">
        <button class="button link" name="acao" value="reenviar" type="submit">
          Enviar outro código
        </button>
        <button class="button link" name="acao" value="corrigir" type="submit">
          Corrigir o CNPJ
        </button>
      </form>
    </Page>
  );
});
