import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { CERTIFICATE_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { submitCnpj } from "@/core/onboarding/certificate_registration/steps.ts";
import { type AtStep, atStep, pageOf } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import type { CertificateRegistration } from "@/core/store/records/session.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  reason: CertificateRegistration["reason"];
  company: string;
  /** CNPJ of the certificate, with its mask. */
  cnpj: string;
  typed: string;
  error: string | null;
}

/** J4: the certificate is good, but opens no operadora's door yet. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    const found = atStep(ctx.state.deps, ctx.state.session, "certificate_registration", "cnpj");
    if (!found.ok) return leadToStep(ctx, found);
    const { certificate, onboarding } = found.data;
    ctx.state.title = TITLES[onboarding.reason];
    const own = onboarding.reason === "another_registered";
    return page(describe(found.data, own ? formatCnpj(certificate.cnpj) : "", null));
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const typed = (await readForm(ctx.req)).text("cnpj");
    const done = await submitCnpj(deps, session, typed);
    if (done.ok) {
      return ctx.redirect(pageOf(done.data.state.onboarding!), 303);
    }
    const found = atStep(deps, session, "certificate_registration", "cnpj");
    if (leadsElsewhere(done) || !found.ok) return leadToStep(ctx, done);
    ctx.state.title = TITLES[found.data.onboarding.reason];
    return page(describe(found.data, typed, explain(done)), { status: 422 });
  },
});

const TITLES: Record<CertificateRegistration["reason"], string> = {
  not_identified: "Operadora não identificada",
  another_registered: "Certificado ainda não registrado",
};

function describe(
  { certificate, onboarding: registration }: AtStep<"certificate_registration">,
  typed: string,
  error: string | null,
): Data {
  return {
    reason: registration.reason,
    company: certificate.companyName,
    cnpj: formatCnpj(certificate.cnpj),
    typed,
    error,
  };
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
