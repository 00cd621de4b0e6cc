import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CnesField } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { PlaceCard } from "@/components/places.tsx";
import { listEstablishmentAccess } from "@/core/access/establishment_access.ts";
import { findEstablishment } from "@/core/access/establishments.ts";
import { listOperadorasOfUser } from "@/core/account/operadoras.ts";
import { requireCaller, thisComputer } from "@/http/caller.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

const TITLE = "Solicitar acesso";

/** J10: the places of a person, and the way to another. */
export const handler = define.handlers({
  GET: (ctx) => showPlaces(ctx),
  async POST(ctx) {
    const cnes = (await readForm(ctx.req)).text("cnes");
    const found = await findEstablishment(ctx.state.deps, cnes);
    return found.ok
      ? ctx.redirect(`/solicitar/${found.data.cnes}`, 303)
      : await showPlaces(ctx, cnes, found);
  },
});

async function showPlaces(ctx: Context<State>, cnes = "", refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const caller = requireCaller(ctx.state);
  const { person, operadora, isRepresentative } = caller;
  const me = thisComputer(caller);
  const alone = operadora === null && !isRepresentative;
  const [places, operadoras] = await Promise.all([
    listEstablishmentAccess(deps, { account: person.id, computer: me.computer }),
    alone ? listOperadorasOfUser(deps, person.id) : [],
  ]);
  // For a person whom no operadora has registered this is the first page.
  const welcome = alone && operadoras.length === 0 ? person.name : null;
  return show(ctx, TITLE, { places, welcome, me, cnes }, refusal);
}

export default define.page<typeof handler>(function AskForAccess({ data }) {
  const { places, welcome, me } = data;
  return (
    <div class="container">
      <h1>{TITLE}</h1>
      {places.length > 0 && <ComputerCheck {...me} reload={data.error === null} />}
      {welcome && <Welcome name={welcome} begun={places.length > 0} />}
      <p>
        O acesso ao CadSUS Web se abre em três passos, em cada estabelecimento: o próprio
        estabelecimento, o perfil e o computador.{" "}
        <a href="/caminho">Veja o seu caminho até o CadSUS Web</a>.
      </p>
      {places.length > 0 && (
        <section aria-labelledby="meus-lugares">
          <h2 id="meus-lugares">Meus estabelecimentos</h2>
          <ul class="request-list">
            {places.map((place) => <PlaceCard key={place.cnes} place={place} />)}
          </ul>
        </section>
      )}
      <section aria-labelledby="outro">
        <h2 id="outro">
          {places.length > 0 ? "Pedir acesso a outro estabelecimento" : "Pedir acesso"}
        </h2>
        <FormError message={data.error} />
        <form method="post" class="card form">
          <CnesField
            label="Número CNES do estabelecimento"
            value={data.cnes}
            maxLength={10}
            hint={
              <>
                São 7 números. Consulte em{" "}
                <a href="https://cnes.saude.gov.br" rel="external noopener">cnes.saude.gov.br</a>.
                {" "}
                Antes de pedir, você confere o nome.
              </>
            }
          />
          <button class="button primary" type="submit">Continuar</button>
        </form>
      </section>
    </div>
  );
});

function Welcome({ name, begun }: { name: string; begun: boolean }) {
  return (
    <Notice kind="info">
      <p>
        Olá, {name}. {begun
          ? "Aqui você acompanha os seus pedidos."
          : "Comece pelo número CNES do estabelecimento em que você trabalha."}
      </p>
      <p>
        Você ainda não foi cadastrado em nenhuma operadora. Para pedir acesso a um estabelecimento
        isso não é preciso. Para os sistemas da operadora, peça ao representante legal que cadastre
        você; se você é o representante, <a href="/certificado">entre com o certificado digital</a>.
      </p>
    </Notice>
  );
}
