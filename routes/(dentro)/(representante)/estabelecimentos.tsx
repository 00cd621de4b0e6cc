import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { TableScroll } from "@/components/TableScroll.tsx";
import {
  bindEstablishment,
  isBoundByHand,
  unbindEstablishment,
} from "@/core/access/establishments.ts";
import { explain } from "@/core/messages.ts";
import {
  type Establishment,
  type EstablishmentPage,
  getEstablishment,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { parseCnes } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";

interface Data {
  list: EstablishmentPage;
  /** The one that is about to be unbound, when it was asked. */
  leaving: Establishment | null;
  typed: string;
  error: string | null;
  notice: string | null;
}

const TITLE = "Estabelecimentos";
const NOTICES: Record<string, string> = {
  ligado: "Estabelecimento ligado à operadora. A mudança já vale.",
  desligado: "Estabelecimento desligado da operadora. A mudança já vale.",
};

/**
 * The establishments of the operadora; one whose CNPJ is no operadora's can be bound to it, and
 * unbound again after a question.
 */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de");
    const list = await listEstablishmentsOfOperadora(ctx.state.deps, operadora.cnpj, { cursor });
    const asked = parseCnes(searchParams.get("desligar") ?? "");
    const establishment = asked && await getEstablishment(ctx.state.deps, asked);
    const mine = establishment && establishment.operadora === operadora.cnpj;
    ctx.state.title = TITLE;
    return page({
      list,
      leaving: mine && isBoundByHand(establishment) ? establishment : null,
      typed: "",
      error: null,
      notice: noticeOf(ctx.url, NOTICES),
    });
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { deps } = ctx.state;
    const form = await readForm(ctx.req);
    const [typed, leaves] = [form.text("cnes"), form.text("acao") === "desligar"];
    const act = leaves ? unbindEstablishment : bindEstablishment;
    const done = await act(deps, caller.person, operadora.cnpj, typed);
    if (done.ok) return ctx.redirect(`/estabelecimentos?aviso=${leaves ? "des" : ""}ligado`, 303);
    ctx.state.title = TITLE;
    const list = await listEstablishmentsOfOperadora(deps, operadora.cnpj);
    const data = { list, leaving: null, error: explain(done), notice: null };
    return page({ ...data, typed: leaves ? "" : typed }, { status: 422 });
  },
});

export default define.page<typeof handler>(function Establishments({ data }) {
  const { list, leaving, typed, error, notice } = data;
  return (
    <div class="container">
      <h1>{TITLE}</h1>
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
      {leaving && <Leaving {...leaving} />}
      {list.items.length === 0
        ? <p>Nenhum estabelecimento do CNES está ligado a esta operadora.</p>
        : <Table items={list.items} />}
      {list.cursor && (
        <p>
          <a href={`/estabelecimentos?a-partir-de=${list.cursor}`}>Próxima página</a>
        </p>
      )}
      <section aria-labelledby="ligar">
        <h2 id="ligar">Ligar um estabelecimento</h2>
        <p>
          Os que têm no CNES o CNPJ da operadora, próprio ou da mantenedora, já aparecem na lista.
          Ligue aqui os outros que são da operadora.
        </p>
        <form method="post" class="card form narrow">
          <Field
            label="Número CNES"
            name="cnes"
            value={typed}
            inputMode="numeric"
            autocomplete="off"
            maxLength={12}
            required
            hint="São 7 números. Consulte em cnes.saude.gov.br."
          />
          <button class="button primary" type="submit">Ligar à operadora</button>
        </form>
      </section>
    </div>
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

function Table({ items }: { items: Establishment[] }) {
  return (
    <TableScroll label={TITLE}>
      <table>
        <thead>
          <tr>
            <th scope="col">Estabelecimento</th>
            <th scope="col">CNES</th>
            <th scope="col">Situação</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => <Row key={item.cnes} {...item} />)}
        </tbody>
      </table>
    </TableScroll>
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
