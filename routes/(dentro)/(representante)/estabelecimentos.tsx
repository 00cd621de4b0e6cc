import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CnesField } from "@/components/Field.tsx";
import { NextPage, Page } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import {
  bindEstablishment,
  isBoundByHand,
  unbindEstablishment,
} from "@/core/access/bind_establishment.ts";
import {
  type Establishment,
  getEstablishment,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { parseCnes } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { requireOperadora } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Estabelecimentos";
const NOTICES: Record<string, string> = {
  ligado: "Estabelecimento ligado à operadora. A mudança já vale.",
  desligado: "Estabelecimento desligado da operadora. A mudança já vale.",
};

/**
 * The establishments of the operadora; one whose CNPJ is no operadora's can be bound to it, and
 * unbound again after a question.
 */
export const handler = define.handlers({
  GET: (ctx) => showList(ctx),
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const form = await readForm(ctx.req);
    const [typed, leaves] = [form.text("cnes"), form.text("acao") === "desligar"];
    const act = leaves ? unbindEstablishment : bindEstablishment;
    const done = await act(ctx.state.deps, caller.person, operadora.cnpj, typed);
    return done.ok
      ? ctx.redirect(`/estabelecimentos?aviso=${leaves ? "des" : ""}ligado`, 303)
      : await showList(ctx, leaves ? "" : typed, done);
  },
});

async function showList(ctx: Context<State>, typed = "", refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const { cnpj } = requireOperadora(ctx.state).operadora;
  // After a refusal the page begins anew.
  const searchParams = refusal ? new URLSearchParams() : ctx.url.searchParams;
  const cursor = searchParams.get("a-partir-de");
  const list = await listEstablishmentsOfOperadora(deps, cnpj, { cursor });
  const asked = parseCnes(searchParams.get("desligar") ?? "");
  const establishment = asked && await getEstablishment(deps, asked);
  const mine = establishment && establishment.operadora === cnpj;
  // The one that is about to be unbound, when it was asked.
  const leaving = mine && isBoundByHand(establishment) ? establishment : null;
  const notice = refusal ? null : noticeOf(ctx.url, NOTICES);
  return show(ctx, TITLE, { list, leaving, typed, notice }, refusal);
}

export default define.page<typeof handler>(function Establishments({ data }) {
  const { list, leaving, typed, error, notice } = data;
  return (
    <Page title={TITLE} wide notice={notice} error={error}>
      {leaving && <Leaving {...leaving} />}
      {list.items.length === 0
        ? <p>Nenhum estabelecimento do CNES está ligado a esta operadora.</p>
        : (
          <Table label={TITLE} heads={["Estabelecimento", "CNES", "Situação"]}>
            {list.items.map((item) => <Row key={item.cnes} {...item} />)}
          </Table>
        )}
      <NextPage href={list.cursor && `/estabelecimentos?a-partir-de=${list.cursor}`} />
      <section aria-labelledby="ligar">
        <h2 id="ligar">Ligar um estabelecimento</h2>
        <p>
          Os que têm no CNES o CNPJ da operadora, próprio ou da mantenedora, já aparecem na lista.
          Ligue aqui os outros que são da operadora.
        </p>
        <form method="post" class="card form narrow">
          <CnesField
            label="Número CNES"
            value={typed}
            maxLength={12}
            hint="São 7 números. Consulte em cnes.saude.gov.br."
          />
          <button class="button primary" type="submit">Ligar à operadora</button>
        </form>
      </section>
    </Page>
  );
});

function Leaving({ cnes, nome }: Establishment) {
  return (
    <form method="post" action="/estabelecimentos" class="card form" aria-labelledby="desligar">
      <h2 id="desligar">Desligar {nome}?</h2>
      <p>
        O estabelecimento (CNES{" "}
        {cnes}) sai desta lista, e o representante da operadora deixa de nomear e de decidir quem é
        ADMINISTRADOR dele. Os acessos e os pedidos que já existem lá continuam como estão: os
        administradores do estabelecimento seguem decidindo.
      </p>
      <input type="hidden" name="cnes" value={cnes} />
      <div class="actions">
        <button class="button danger" name="acao" value="desligar" type="submit">
          Desligar da operadora
        </button>
        <a class="button secondary" href="/estabelecimentos">Cancelar</a>
      </div>
    </form>
  );
}

function Row(establishment: Establishment) {
  const { cnes, nome, municipio, uf, active } = establishment;
  return (
    <tr>
      <td>
        {nome}
        <br />
        <span class="muted">{[municipio, uf].filter((part) => part !== "").join(" – ")}</span>
      </td>
      <td>{cnes}</td>
      <td>
        {active ? "Em funcionamento" : "Desativado no CNES"}
        <br />
        {isBoundByHand(establishment)
          ? (
            <a href={`/estabelecimentos?desligar=${cnes}`} aria-label={`Desligar ${nome}`}>
              Desligar
            </a>
          )
          : <span class="muted">Ligado pelo CNPJ</span>}
      </td>
    </tr>
  );
}
