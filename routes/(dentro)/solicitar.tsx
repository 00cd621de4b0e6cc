import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { RequestList, type RequestRow } from "@/components/RequestList.tsx";
import { ORDINARY_PROFILES, PROFILES } from "@/core/access/membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { explain } from "@/core/messages.ts";
import type { Portal } from "@/core/portal.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  cnes: string;
  profile: string;
  error: string | null;
  sent: boolean;
  requests: RequestRow[];
}

const TITLE = "Solicitar acesso";

/** J10 in one step: a profile at an establishment. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person } = requireCaller(ctx.state);
    ctx.state.title = TITLE;
    const requests = await requestsOf(ctx.state.portal, person.cpf);
    const sent = ctx.url.searchParams.has("enviado");
    return page({ cnes: "", profile: "", error: null, sent, requests });
  },
  async POST(ctx) {
    const { person } = requireCaller(ctx.state);
    const { portal } = ctx.state;
    const form = await readForm(ctx.req);
    const typed = { cnes: form.text("cnes"), profile: form.text("perfil") };
    const created = await createRequest(portal, person, typed);
    if (created.ok) return ctx.redirect("/solicitar?enviado", 303);
    ctx.state.title = TITLE;
    const requests = await requestsOf(portal, person.cpf);
    return page({ ...typed, error: explain(created), sent: false, requests }, { status: 422 });
  },
});

async function requestsOf(portal: Portal, cpf: string): Promise<RequestRow[]> {
  const requests = await listRequestsOf(portal, cpf);
  const numbers = [...new Set(requests.map(({ cnes }) => cnes))];
  const establishments = await getEstablishments(portal, numbers);
  return requests.map((request) => ({
    ...request,
    establishment: establishments[numbers.indexOf(request.cnes)]?.nome ?? "",
  }));
}

export default define.page<typeof handler>(function AskForAccess({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      {data.sent && (
        <Notice kind="success">
          Pedido enviado ao administrador do estabelecimento. Você recebe a resposta por e-mail.
        </Notice>
      )}
      <FormError message={data.error} />
      <form method="post" class="card form">
        <Field
          label="Número CNES do estabelecimento"
          name="cnes"
          value={data.cnes}
          inputMode="numeric"
          maxLength={10}
          required
          hint={
            <>
              São 7 números. Consulte em{" "}
              <a href="https://cnes.saude.gov.br" rel="external noopener">cnes.saude.gov.br</a>.
            </>
          }
        />
        <fieldset class="field">
          <legend>Perfil</legend>
          {ORDINARY_PROFILES.map((profile) => (
            <label class="check" key={profile}>
              <input
                type="radio"
                name="perfil"
                value={profile}
                checked={data.profile === profile}
                required
              />
              <span>
                <strong>{profile}</strong> — {PROFILES[profile]}
              </span>
            </label>
          ))}
        </fieldset>
        <button class="button primary" type="submit">Enviar pedido</button>
      </form>
      {data.requests.length > 0 && (
        <section aria-labelledby="meus-pedidos">
          <h2 id="meus-pedidos">Meus pedidos</h2>
          <RequestList requests={data.requests} />
        </section>
      )}
    </div>
  );
});
