import { page } from "fresh";
import { define } from "@/app.ts";
import { CnsField, CpfField, EmailField, Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import {
  beginSelfRegistration,
  parseReturnPath,
} from "@/core/onboarding/self_registration/begin.ts";

import { isAnonymous, openVisit } from "@/core/account/session.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  typed: { cpf: string; cns: string; name: string; email: string };
  /** A page of the portal to go on to in the end. */
  returnPath: string;
  again: boolean;
  error: string | null;
}

const TITLE = "Cadastre-se";

/** J10 by CPF, CNS and e-mail: the answer before the code is the same whether CPF and e-mail are known or not. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    const { searchParams } = ctx.url;
    const returnPath = parseReturnPath(searchParams.get("de"));
    if (ctx.state.caller) return ctx.redirect(returnPath, 303);
    ctx.state.title = TITLE;
    const typed = { cpf: "", cns: "", name: "", email: "" };
    return page({ typed, returnPath, again: searchParams.has("recomecar"), error: null });
  },
  async POST(ctx) {
    const { deps, session, caller } = ctx.state;
    const form = await readForm(ctx.req);
    const returnPath = parseReturnPath(form.text("de"));
    if (caller) return ctx.redirect(returnPath, 303);
    const typed = {
      cpf: form.text("cpf"),
      cns: form.text("cns"),
      name: form.text("nome"),
      email: form.text("email"),
    };
    const anonymous = session && isAnonymous(session)
      ? session
      : openVisit(deps, { agent: agentOf(ctx.req) });
    const from = { address: addressOf(ctx), returnPath };
    const begun = await beginSelfRegistration(deps, anonymous, typed, from);
    if (begun.ok) {
      return await setSessionCookie(ctx.redirect("/cadastro/codigo", 303), deps, begun.data);
    }
    ctx.state.title = TITLE;
    return page({ typed, returnPath, again: false, error: explain(begun) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function SelfRegistration({ data, state }) {
  const { typed, returnPath, again, error } = data;
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={SELF_REGISTRATION_LABELS} current={0} />
      {again && !error && (
        <Notice kind="info">
          O cadastro não foi começado neste navegador, ou passou do tempo. Informe os seus dados.
        </Notice>
      )}
      <FormError message={error} />
      {state.deps.config.govbr && (
        <p>
          Tem conta gov.br?{" "}
          <a href="/govbr">Entre com gov.br</a>: não é preciso criar senha, e quem decide os seus
          pedidos vê que o seu CPF foi conferido.
        </p>
      )}
      <form method="post" class="card form">
        <input type="hidden" name="de" value={returnPath} />
        <CpfField value={typed.cpf} autofocus={!typed.cpf} />
        <CnsField
          label="Cartão Nacional de Saúde (CNS)"
          value={typed.cns}
        />
        <Field
          label="Nome completo"
          name="nome"
          value={typed.name}
          autocomplete="name"
          maxLength={120}
          required
        />
        <EmailField
          value={typed.email}
          hint="Só seu: cada e-mail pertence a uma pessoa. Enviamos um código para ele."
        />
        <button class="button primary" type="submit">Continuar</button>
      </form>
      <p>
        Já tem cadastro? <a href="/entrar">Entre com senha</a>.
      </p>
    </div>
  );
});
