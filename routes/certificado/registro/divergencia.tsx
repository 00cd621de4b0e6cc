import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { CERTIFICATE_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { acceptDivergence, changeCnpj } from "@/core/onboarding/certificate_registration/steps.ts";
import type { AtStep } from "@/core/onboarding/steps.ts";
import type { Deps } from "@/core/deps.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import { getOperadora } from "@/core/registry/operadora.ts";
import type { Divergence } from "@/core/store/records/session.ts";
import { leadToStep, showStep } from "@/http/onboarding.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  rows: { title: string; certificate: string; operadora: string; differs: boolean }[];
  /** CNPJ of the operadora shown; comes back with the form. */
  cnpj: string;
  error: string | null;
}

const TITLE = "Dados divergentes";

/** J5: certificate and operadora side by side, before anything is sent. */
export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "corrigir") {
      const back = await changeCnpj(deps, session, "divergencia");
      return back.ok ? ctx.redirect("/certificado/registro", 303) : leadToStep(ctx, back);
    }
    const done = await acceptDivergence(deps, session, form.text("operadora"));
    if (done.ok) return ctx.redirect("/certificado/registro/codigo", 303);
    return await show(ctx, done);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["certificate_registration", "divergencia"], refusal, async (at, error) => {
    ctx.state.title = TITLE;
    return await describe(ctx.state.deps, at, error);
  });
}

async function describe(
  deps: Deps,
  { certificate, onboarding: registration }: AtStep<"certificate_registration">,
  error: string | null,
): Promise<Data> {
  const cnpj = registration.operadora!;
  const operadora = await getOperadora(deps, cnpj);
  const row = (divergence: Divergence, title: string, ours: string, theirs: string) => ({
    title,
    certificate: ours,
    operadora: theirs,
    differs: registration.divergences.includes(divergence),
  });
  return {
    rows: [
      row("cnpj", "CNPJ", formatCnpj(certificate.cnpj), formatCnpj(cnpj)),
      row("razao_social", "Razão social", certificate.companyName, operadora?.razaoSocial ?? "—"),
    ],
    cnpj,
    error,
  };
}

export default define.page<typeof handler>(function Divergent({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={CERTIFICATE_REGISTRATION_LABELS} current={1} />}
      error={data.error}
    >
      <Notice kind="warning">
        Os dados do certificado não são os mesmos da operadora no cadastro da ANS (CADOP). Confira
        antes de continuar: a diferença constará do e-mail à operadora e do registro de auditoria.
      </Notice>
      <div class="table-scroll">
        <table>
          <caption>Certificado e operadora, lado a lado</caption>
          <thead>
            <tr>
              <th scope="col">Dado</th>
              <th scope="col">Certificado</th>
              <th scope="col">Operadora (CADOP)</th>
              <th scope="col">Conferência</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map(({ title, certificate, operadora, differs }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>{certificate}</td>
                <td>{operadora}</td>
                <td>
                  <span class={differs ? "tag rejected" : "tag approved"}>
                    {differs ? "Diverge" : "Confere"}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form method="post" class="actions">
        <input type="hidden" name="operadora" value={data.cnpj} />
        <button class="button primary" type="submit">Continuar assim mesmo</button>
        <button class="button secondary" name="acao" value="corrigir" type="submit">
          Corrigir o CNPJ
        </button>
      </form>
    </Page>
  );
});
