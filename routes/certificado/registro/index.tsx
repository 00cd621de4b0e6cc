import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { CERTIFICATE_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { submitCnpj } from "@/core/onboarding/certificate_registration/steps.ts";
import { pageOf } from "@/core/onboarding/steps.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import type { CertificateRegistration } from "@/core/store/records/session.ts";
import { showStep } from "@/http/onboarding.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  reason: CertificateRegistration["reason"];
  company: string;
  /** CNPJ of the certificate, with its mask. */
  cnpj: string;
  typed: string;
  error: string | null;
}

/** J4: the certificate is good, but is registered for no operadora yet. */
export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const typed = (await readForm(ctx.req)).text("cnpj");
    const done = await submitCnpj(deps, session, typed);
    if (done.ok) return ctx.redirect(pageOf(done.data.state.onboarding!), 303);
    return await show(ctx, done, typed);
  },
});

const TITLES: Record<CertificateRegistration["reason"], string> = {
  not_identified: "Operadora não identificada",
  another_registered: "Certificado ainda não registrado",
};

function show(
  ctx: Context<State>,
  refusal: Refusal<AccountCode> | null = null,
  typed: string | null = null,
) {
  return showStep(ctx, ["certificate_registration", "cnpj"], refusal, (at, error): Data => {
    const { certificate: { companyName, cnpj }, onboarding: { reason } } = at;
    ctx.state.title = TITLES[reason];
    const masked = formatCnpj(cnpj);
    const known = reason === "another_registered" ? masked : "";
    return { reason, company: companyName, cnpj: masked, typed: typed ?? known, error };
  });
}

export default define.page<typeof handler>(function NotIdentified({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLES[data.reason]}</h1>
      <Steps steps={CERTIFICATE_REGISTRATION_LABELS} current={0} />
      <p>
        O certificado de <strong>{data.company}</strong> (CNPJ {data.cnpj}) é válido, mas{" "}
        {data.reason === "not_identified"
          ? "este CNPJ não está no cadastro de operadoras da ANS (CADOP)."
          : "a operadora tem outro certificado registrado no portal. Cada operadora entra com um só."}
      </p>
      <p>
        Para registrá-lo, informe o CNPJ da operadora. Um código será enviado ao e-mail que ela tem
        no CADOP, e o certificado que estiver registrado antes deixa de valer.
      </p>
      <FormError message={data.error} />
      <form method="post" class="card form">
        <Field
          label="CNPJ"
          name="cnpj"
          value={data.typed}
          placeholder="00.000.000/0000-00"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={30}
          required
          autofocus
          hint="Da operadora, como está no cadastro da ANS. Com ou sem pontuação; pode ter letras."
        />
        <div class="actions">
          <button class="button primary" type="submit">Continuar</button>
          <a class="button secondary" href="/certificado">Usar outro certificado</a>
        </div>
      </form>
    </div>
  );
});
