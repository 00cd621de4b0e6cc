import { page } from "fresh";
import { define } from "@/app.ts";
import { Field, PasswordField } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { loginWithCertificatePassword } from "@/core/signin/password.ts";
import { getBinding } from "@/core/account/binding.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import type { Anonymous, Session } from "@/core/store/records/session.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { letIn } from "@/http/cookie.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  name: string;
  razaoSocial: string;
  error: string | null;
}

/** J2: the certificate has been shown, now the password. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    if (!hasShownCertificate(session)) return ctx.redirect("/certificado", 303);
    ctx.state.title = TITLE;
    return page(await describe(deps, session, null));
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    if (!hasShownCertificate(session)) return ctx.redirect("/entrar?fim", 303);
    const password = (await readForm(ctx.req)).text("senha");
    const caller = { address: addressOf(ctx), agent: agentOf(ctx.req) };
    const login = await loginWithCertificatePassword(deps, session, caller, password);
    if (login.ok) return await letIn(ctx, login.data);
    if (leadsElsewhere(login)) return leadToStep(ctx, login);
    ctx.state.title = TITLE;
    return page(await describe(deps, session, explain(login)), { status: 422 });
  },
});

const TITLE = "Senha";

function hasShownCertificate(session: Session | null): session is Session<Anonymous> {
  return session?.state.kind === "anonymous" && session.state.certificate !== null &&
    session.state.certificate.operadora !== null &&
    session.state.onboarding === null;
}

async function describe(
  deps: Deps,
  session: Session<Anonymous>,
  error: string | null,
): Promise<Data> {
  const { operadora, representative } = await getBinding(
    deps,
    session.state.certificate!.operadora!,
  );
  return {
    name: representative?.name ?? "",
    razaoSocial: operadora?.razaoSocial ?? "",
    error,
  };
}

export default define.page<typeof handler>(function CertificatePassword({ data }) {
  return (
    <div class="container narrow">
      <h1>Olá de novo</h1>
      <p>
        Certificado reconhecido: <strong>{data.razaoSocial}</strong>. Agora digite a sua senha.
      </p>
      <FormError message={data.error} />
      <form method="post" class="card form">
        <Field label="Usuário" name="usuario" value={data.name} readOnly autocomplete="username" />
        <PasswordField
          autofocus
        />
        <button class="button primary" type="submit">Acessar</button>
      </form>
      <p>
        <a href="/recuperar-senha">Esqueci minha senha</a>
      </p>
    </div>
  );
});
