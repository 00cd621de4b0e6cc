import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { NextPage, Page } from "@/components/Page.tsx";
import { listAdministered } from "@/core/access/requests/recipients.ts";
import {
  type Establishment,
  getEstablishments,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { representedBy, requireCaller } from "@/http/caller.ts";
import { show } from "@/http/page.ts";

const TITLE = "Administração";

/** Which establishment to look after; with only one there is nothing to choose. */
export const handler = define.handlers({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const cnpj = representedBy(caller);
    const cursor = ctx.url.searchParams.get("a-partir-de");
    const [numbers, list] = await Promise.all([
      listAdministered(deps, caller.person.id, caller.session.state),
      cnpj ? listEstablishmentsOfOperadora(deps, cnpj, { cursor }) : null,
    ]);
    if (!list && numbers.length === 1) return ctx.redirect(`/administracao/${numbers[0]}`, 303);
    const establishments = await getEstablishments(deps, numbers);
    return show(ctx, TITLE, {
      own: numbers.map((cnes, i) => ({ cnes, establishment: establishments[i] ?? null })),
      /** Of the operadora that the person represents; null when they represent none. */
      operadora: list && list.items,
      next: list?.cursor ? `/administracao?a-partir-de=${list.cursor}` : null,
    });
  },
});

export default define.page<typeof handler>(function Administration({ data }) {
  const { own, operadora, next } = data;
  return (
    <Page title={TITLE}>
      {own.length === 0 && !operadora && (
        <Notice kind="info">
          Você não administra nenhum estabelecimento. Quem torna uma pessoa ADMINISTRADOR é o
          representante legal da operadora.
        </Notice>
      )}
      {own.length > 0 && (
        <section aria-labelledby="meus">
          <h2 id="meus">Onde você é ADMINISTRADOR</h2>
          <Places places={own} />
        </section>
      )}
      {operadora && (
        <section aria-labelledby="da-operadora">
          <h2 id="da-operadora">Estabelecimentos da operadora</h2>
          {operadora.length === 0 && (
            <p>
              Nenhum estabelecimento do CNES está ligado a esta operadora.{" "}
              <a href="/estabelecimentos">Ligar um estabelecimento</a>
            </p>
          )}
          <Places places={operadora.map((one) => ({ cnes: one.cnes, establishment: one }))} />
        </section>
      )}
      <NextPage href={next} />
    </Page>
  );
});

/** An establishment is null when it has left the CNES. */
function Places({ places }: { places: { cnes: string; establishment: Establishment | null }[] }) {
  return (
    <ul class="systems">
      {places.map(({ cnes, establishment }) => (
        <li key={cnes} class="card system">
          <h3>
            <a href={`/administracao/${cnes}`}>{establishment?.nome ?? `CNES ${cnes}`}</a>
          </h3>
          <p>CNES {cnes}</p>
          {!establishment?.active && <span class="tag rejected">Desativado no CNES</span>}
        </li>
      ))}
    </ul>
  );
}
