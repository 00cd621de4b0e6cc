import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { TableScroll } from "@/components/TableScroll.tsx";
import { bindEstablishment } from "@/core/access/bind_establishment.ts";
import { explain } from "@/core/messages.ts";
import type { Portal } from "@/core/portal.ts";
import {
  type Establishment,
  type EstablishmentPage,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { requireOperadora } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  list: EstablishmentPage;
  typed: string;
  error: string | null;
  notice: string | null;
}

const TITLE = "Estabelecimentos";

/** The establishments of the operadora; one whose CNPJ is no operadora's can be bound to it. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de");
    const list = await listEstablishmentsOfOperadora(ctx.state.portal, operadora.cnpj, { cursor });
    const bound = searchParams.get("aviso") === "ligado";
    ctx.state.title = TITLE;
    return page({
      list,
      typed: "",
      error: null,
      notice: bound ? "Estabelecimento ligado à operadora. A mudança já vale." : null,
    });
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { portal } = ctx.state;
    const typed = (await readForm(ctx.req)).text("cnes");
    const done = await bindEstablishment(portal, caller.person, operadora.cnpj, typed);
    if (done.ok) return ctx.redirect("/estabelecimentos?aviso=ligado", 303);
    ctx.state.title = TITLE;
    return page(await refused(portal, operadora.cnpj, typed, explain(done)), { status: 422 });
  },
});

async function refused(portal: Portal, cnpj: string, typed: string, error: string): Promise<Data> {
  return { list: await listEstablishmentsOfOperadora(portal, cnpj), typed, error, notice: null };
}

export default define.page<typeof handler>(function Establishments({ data }) {
  const { list, typed, error, notice } = data;
  return (
    <div class="container">
      <h1>{TITLE}</h1>
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
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

function Table({ items }: { items: Establishment[] }) {
  return (
    <TableScroll label={TITLE}>
      <table>
        <thead>
          <tr>
            <th scope="col">Estabelecimento</th>
            <th scope="col">CNES</th>
            <th scope="col">Município</th>
            <th scope="col">Situação</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ cnes, nome, municipio, uf, active }) => (
            <tr key={cnes}>
              <td>{nome}</td>
              <td>{cnes}</td>
              <td>{[municipio, uf].filter((part) => part !== "").join(" – ")}</td>
              <td>{active ? "Em funcionamento" : "Desativado no CNES"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
