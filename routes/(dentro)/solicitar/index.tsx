import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { StepPlaceCard } from "@/components/StepPlaceCard.tsx";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { findEstablishment } from "@/core/access/find_establishment.ts";
import {
  type EstablishmentAccess,
  listEstablishmentAccess,
} from "@/core/access/establishment_access.ts";
import { listOperadorasOfUser } from "@/core/account/operadoras.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  places: EstablishmentAccess[];
  /** Set for somebody whom no operadora has registered: for them this is the first page. */
  welcome: string | null;
  cnes: string;
  error: string | null;
  me: { personId: string; computer: string | null };
}

const TITLE = "Solicitar acesso";

/** J10: the places of a person, and the way to another. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = TITLE;
    const caller = requireCaller(ctx.state);
    return page({ ...await overview(ctx.state.deps, caller), cnes: "", error: null });
  },
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const cnes = (await readForm(ctx.req)).text("cnes");
    const found = await findEstablishment(deps, cnes);
    if (found.ok) return ctx.redirect(`/solicitar/${found.data.cnes}`, 303);
    ctx.state.title = TITLE;
    return page({ ...await overview(deps, caller), cnes, error: explain(found) }, {
      status: 422,
    });
  },
});

async function overview(deps: Deps, { person, operadora, isRepresentative, session }: Caller) {
  const computer = session.state.computer ?? null;
  const alone = operadora === null && !isRepresentative;
  const [places, operadoras] = await Promise.all([
    listEstablishmentAccess(deps, { cpf: person.cpf, computer }),
    alone ? listOperadorasOfUser(deps, person.cpf) : [],
  ]);
  return {
    places,
    welcome: alone && operadoras.length === 0 ? person.name : null,
    me: { personId: person.id, computer },
  };
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
            {places.map((place) => <StepPlaceCard key={place.cnes} place={place} />)}
          </ul>
        </section>
      )}
      <section aria-labelledby="outro">
        <h2 id="outro">
          {places.length > 0 ? "Pedir acesso a outro estabelecimento" : "Pedir acesso"}
        </h2>
        <FormError message={data.error} />
        <form method="post" class="card form">
          <Field
            label="Número CNES do estabelecimento"
            name="cnes"
            value={data.cnes}
            inputMode="numeric"
            autocomplete="off"
            maxLength={10}
            required
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
