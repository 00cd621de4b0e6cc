import type { PasswordPolicy } from "@/core/config/mod.ts";
import { page } from "fresh";
import { define } from "@/app.ts";
import { CpfField, EmailField, Field, NewPassword, PasswordField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { FIRST_ACCESS_LABELS, Steps } from "@/components/Steps.tsx";
import { finishAsKnownPerson } from "@/core/onboarding/first_access/finish.ts";
import { submitRegistration } from "@/core/onboarding/first_access/steps.ts";
import { atStep, pageOf } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  /** Asks the CPF: the certificate does not tell it. */
  askCpf: boolean;
  /** The person says that they are in the portal already: their account and its password are asked. */
  known: boolean;
  /** May switch between the two forms. */
  mayBeKnown: boolean;
  cpf: string;
  /** CPF or e-mail of the account that the person says they have. */
  login: string;
  email: string;
  error: string | null;
  policy: PasswordPolicy;
}

export const handler = define.handlers<Data>({
  GET(ctx) {
    const { deps, session } = ctx.state;
    const found = atStep(deps, session, "first_access", "cadastro");
    if (!found.ok) return leadToStep(ctx, found);
    const { onboarding: firstAccess } = found.data;
    if (firstAccess.govbr) return ctx.redirect(pageOf(firstAccess), 303);
    const representative = firstAccess.role === "representante";
    ctx.state.title = "E-mail e senha";
    return page({
      askCpf: firstAccess.cpf === null,
      known: representative && ctx.url.searchParams.has("conhecido"),
      mayBeKnown: representative,
      cpf: "",
      login: "",
      email: "",
      error: null,
      policy: deps.config.passwordPolicy,
    });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const known = form.text("conhecido") === "sim";
    const typed = {
      cpf: form.text("cpf"),
      login: form.text("conta"),
      email: form.text("email"),
      password: form.text("senha"),
      repeated: form.text("repetida"),
    };
    const done = known
      ? await finishAsKnownPerson(deps, session, typed)
      : await submitRegistration(deps, session, typed);
    if (done.ok) {
      return done.data.state.kind === "person"
        ? await setSessionCookie(ctx.redirect("/painel", 303), deps, done.data)
        : ctx.redirect("/primeiro-acesso/confirmar", 303);
    }
    if (leadsElsewhere(done)) return leadToStep(ctx, done);
    const found = atStep(deps, session, "first_access", "cadastro");
    if (!found.ok) return leadToStep(ctx, found);
    const { cpf, role } = found.data.onboarding;
    ctx.state.title = "E-mail e senha";
    return page({
      askCpf: cpf === null,
      known,
      mayBeKnown: role === "representante",
      cpf: typed.cpf,
      login: typed.login,
      email: typed.email,
      error: explain(done),
      policy: deps.config.passwordPolicy,
    }, { status: 422 });
  },
});

export default define.page<typeof handler>(function Registration({ data }) {
  return (
    <Page
      title="E-mail e senha"
      lead={<Steps steps={FIRST_ACCESS_LABELS} current={2} />}
      error={data.error}
    >
      {data.known ? <KnownPerson data={data} /> : <NewPerson data={data} />}
    </Page>
  );
});

function NewPerson({ data }: { data: Data }) {
  return (
    <>
      <form method="post" class="card form">
        {data.askCpf && <CpfField value={data.cpf} />}
        <EmailField
          value={data.email}
          hint={
            <>
              Só seu: cada e-mail pertence a uma pessoa. Use o da empresa se você trabalha só para
              ela, o da prestadora de serviço se atende várias operadoras, ou o pessoal nos outros
              casos.
            </>
          }
        />
        <NewPassword policy={data.policy} label="Senha" />
        <button class="button primary" type="submit">Continuar</button>
      </form>
      {data.mayBeKnown && (
        <p>
          <a href="/primeiro-acesso/cadastro?conhecido">Já tenho senha no portal</a>
        </p>
      )}
    </>
  );
}

function KnownPerson({ data }: { data: Data }) {
  return (
    <>
      <form method="post" class="card form">
        <input type="hidden" name="conhecido" value="sim" />
        <p>Se você já tem conta no portal, ela vale para todas as operadoras.</p>
        <Field
          name="conta"
          label="CPF ou e-mail da conta"
          value={data.login}
          autocomplete="username"
        />
        <PasswordField label="Senha que você já usa no portal" />
        <button class="button primary" type="submit">Concluir</button>
      </form>
      {data.mayBeKnown && (
        <p>
          <a href="/primeiro-acesso/cadastro">Ainda não tenho senha</a>
        </p>
      )}
    </>
  );
}
