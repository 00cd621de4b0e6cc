import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { CERTIFICATE_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { finishRegistration } from "@/core/onboarding/certificate_registration/finish.ts";
import {
  changeCnpj,
  resendRegistrationCode,
} from "@/core/onboarding/certificate_registration/steps.ts";
import { type AtStep, atStep } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import { getOperadora } from "@/core/registry/operadora.ts";
import { NEXT_PAGE } from "@/http/certificate.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { setSessionCookie } from "@/http/cookie.ts";
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
  async GET(ctx) {
    const { deps, session } = ctx.state;
    const found = atStep(deps, session, "certificate_registration", "codigo");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = TITLE;
    const resent = ctx.url.searchParams.has("reenviado");
    return page(await describe(deps, found.data, { error: null, resent }));
  },
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
      return await showAgain(ctx, sent);
    }
    const done = await finishRegistration(deps, session, form.text("codigo"));
    if (!done.ok) return await showAgain(ctx, done);
    const next = NEXT_PAGE[done.data.next];
    return await setSessionCookie(ctx.redirect(next, 303), deps, done.data.session);
  },
});

async function showAgain(
  ctx: Parameters<typeof leadToStep>[0],
  refusal: Parameters<typeof leadToStep>[1],
) {
  const { deps, session } = ctx.state;
  const found = atStep(deps, session, "certificate_registration", "codigo");
  if (leadsElsewhere(refusal) || !found.ok) return leadToStep(ctx, refusal);
  ctx.state.title = TITLE;
  const shown = await describe(deps, found.data, { error: explain(refusal), resent: false });
  return page(shown, { status: 422 });
}

async function describe(
  deps: Deps,
  { onboarding: registration }: AtStep<"certificate_registration">,
  outcome: Pick<Data, "error" | "resent">,
): Promise<Data> {
  const operadora = await getOperadora(deps, registration.operadora!);
  const email = maskEmail(registration.sentTo!);
  return { razaoSocial: operadora?.razaoSocial ?? "", email, ...outcome };
}

export default define.page<typeof handler>(function RegistrationCode({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={CERTIFICATE_REGISTRATION_LABELS} current={2} />
      {data.resent && (
        <Notice kind="success">Enviamos um código novo. O anterior não vale mais.</Notice>
      )}
      <FormError message={data.error} />
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para <strong>{data.email}</strong>, o e-mail de{" "}
          {data.razaoSocial} no cadastro da ANS (CADOP). Ele vale por 10 minutos, só nesta página.
        </p>
        <Field
          label="Código de Confirmação"
          name="codigo"
          class="code-input"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={20}
          required
          autofocus
        />
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
    </div>
  );
});
