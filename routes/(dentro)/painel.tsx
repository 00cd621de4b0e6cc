import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { WaitingInvitations } from "@/components/invitations.tsx";
import { PlaceCard } from "@/components/places.tsx";
import { waitingFor } from "@/core/access/invitations/accept.ts";
import { listEstablishmentAccess } from "@/core/access/establishment_access.ts";
import { describeCpf } from "@/core/account/proof_texts.ts";
import { listGrants } from "@/core/access/users/grants.ts";
import type { System } from "@/core/config/mod.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import { requireCaller, thisComputer } from "@/http/caller.ts";
import { show } from "@/http/page.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

export const handler = define.handlers({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const { person: { id: account }, operadora, isRepresentative } = caller;
    const { deps } = ctx.state;
    if (!operadora) return ctx.redirect("/operadoras", 303);
    const me = thisComputer(caller);
    const [granted, places, waiting] = await Promise.all([
      isRepresentative ? null : listGrants(deps, operadora.cnpj, account),
      listEstablishmentAccess(deps, { account, computer: me.computer }),
      waitingFor(deps, caller),
    ]);
    // The representative is let into every system.
    const systems = deps.config.systems.filter(({ id }) => granted?.includes(id) ?? true);
    const cpf = describeCpf(deps, caller.person, true);
    const shown = { operadora, systems, places, isRepresentative, waiting, me, cpf };
    return show(ctx, "Painel", shown);
  },
});

export default define.page<typeof handler>(function Panel({ data }) {
  const { operadora, systems, places, isRepresentative, waiting, me, cpf } = data;
  return (
    <div class="container">
      <h1>{operadora.razaoSocial}</h1>
      <p class="lead">
        CNPJ {formatCnpj(operadora.cnpj)} · Registro ANS {operadora.registroAns}
        {isRepresentative && " · Representante legal"}
      </p>
      <WaitingInvitations waiting={waiting} />
      <p class="muted">Sua identificação: {cpf}.</p>
      <ComputerCheck {...me} />
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
              {places.map((place) => <PlaceCard key={place.cnes} place={place} />)}
            </ul>
          )}
        <p>
          <a href="/caminho">Seu caminho até o CadSUS Web</a>
        </p>
      </section>
    </div>
  );
});

/** A granted system, with the way into it. */
function SystemCard({ system }: { system: System }) {
  return (
    <li class="card system">
      <h3>{system.name}</h3>
      <p>{system.description}</p>
      <Opening {...system} />
    </li>
  );
}

function Opening({ id, name, address, access }: System) {
  if (access === "steps") {
    return (
      <p>
        <a href={`/acessar/${id}`}>Acessar {name}</a>
      </p>
    );
  }
  if (!address) return <p class="hint">Aberto fora do portal, no endereço que você já usa.</p>;
  return (
    <p>
      <a href={address} target="_blank" rel="noopener noreferrer">
        Abrir {name} <span class="sr-only">(em outra aba)</span>
      </a>
    </p>
  );
}
