import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { StepPlaceCard } from "@/components/StepPlaceCard.tsx";
import { SystemCard } from "@/components/SystemCard.tsx";
import {
  type EstablishmentAccess,
  listEstablishmentAccess,
} from "@/core/access/establishment_access.ts";
import type { System } from "@/core/config/mod.ts";
import { listGrants } from "@/core/access/users/grants.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

interface Data {
  operadora: { razaoSocial: string; cnpj: string; registroAns: string };
  systems: System[];
  places: EstablishmentAccess[];
  isRepresentative: boolean;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person, operadora, isRepresentative, session } = requireCaller(ctx.state);
    const { deps } = ctx.state;
    if (!operadora) return ctx.redirect("/operadoras", 303);
    const [granted, places] = await Promise.all([
      isRepresentative
        ? deps.config.systems.map(({ id }) => id)
        : listGrants(deps, operadora.cnpj, person.cpf),
      listEstablishmentAccess(deps, { cpf: person.cpf, computer: session.state.computer ?? null }),
    ]);
    ctx.state.title = "Painel";
    return page({
      operadora: { ...operadora, cnpj: formatCnpj(operadora.cnpj) },
      systems: deps.config.systems.filter(({ id }) => granted.includes(id)),
      places,
      isRepresentative,
    });
  },
});

export default define.page<typeof handler>(function Panel({ data, state }) {
  const { operadora, systems, places } = data;
  const { person, session } = requireCaller(state);
  return (
    <div class="container">
      <h1>{operadora.razaoSocial}</h1>
      <p class="lead">
        CNPJ {operadora.cnpj} · Registro ANS {operadora.registroAns}
        {data.isRepresentative && " · Representante legal"}
      </p>
      <ComputerCheck personId={person.id} computer={session.state.computer ?? null} />
      <section aria-labelledby="sistemas">
        <h2 id="sistemas">Sistemas</h2>
        {systems.length === 0
          ? (
            <Notice kind="info">
              Nenhum sistema foi concedido a você nesta operadora. Peça ao representante legal.
            </Notice>
          )
          : (
            <ul class="systems">
              {systems.map((system) => <SystemCard key={system.id} system={system} />)}
            </ul>
          )}
      </section>
      <section aria-labelledby="estabelecimentos">
        <h2 id="estabelecimentos">Estabelecimentos (CNES)</h2>
        {places.length === 0
          ? (
            <p>
              Você ainda não pediu acesso a nenhum estabelecimento.{" "}
              <a href="/solicitar">Solicitar acesso</a>
            </p>
          )
          : (
            <ul class="request-list">
              {places.map((place) => <StepPlaceCard key={place.cnes} place={place} />)}
            </ul>
          )}
        <p>
          <a href="/caminho">Seu caminho até o CadSUS Web</a>
        </p>
      </section>
    </div>
  );
});
