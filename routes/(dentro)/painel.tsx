import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { SystemCard } from "@/components/SystemCard.tsx";
import { RequestList, type RequestRow } from "@/components/RequestList.tsx";
import { listMembershipsOf, type Membership, PROFILES } from "@/core/access/membership.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import type { System } from "@/core/access/systems.ts";
import { listGrants } from "@/core/access/users/user.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

interface Data {
  operadora: { razaoSocial: string; cnpj: string; registroAns: string };
  systems: System[];
  memberships: (Membership & { name: string })[];
  requests: RequestRow[];
  isRepresentative: boolean;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person, operadora, isRepresentative } = requireCaller(ctx.state);
    const { portal } = ctx.state;
    if (!operadora) return ctx.redirect("/operadoras", 303);
    const [granted, memberships, requests] = await Promise.all([
      isRepresentative
        ? portal.config.systems.map(({ id }) => id)
        : listGrants(portal, operadora.cnpj, person.cpf),
      listMembershipsOf(portal, person.cpf),
      listRequestsOf(portal, person.cpf, 5),
    ]);
    const numbers = [...new Set([...memberships, ...requests].map(({ cnes }) => cnes))];
    const establishments = await getEstablishments(portal, numbers);
    const nameOf = (cnes: string) => establishments[numbers.indexOf(cnes)]?.nome ?? "";
    ctx.state.title = "Painel";
    return page({
      operadora: { ...operadora, cnpj: formatCnpj(operadora.cnpj) },
      systems: portal.config.systems.filter(({ id }) => granted.includes(id)),
      memberships: memberships.map((one) => ({ ...one, name: nameOf(one.cnes) })),
      requests: requests.map((one) => ({ ...one, establishment: nameOf(one.cnes) })),
      isRepresentative,
    });
  },
});

export default define.page<typeof handler>(function Panel({ data, state }) {
  const { operadora, systems, memberships, requests } = data;
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
        {memberships.length === 0
          ? (
            <p>
              Você ainda não tem perfil em nenhum estabelecimento.{" "}
              <a href="/solicitar">Solicitar acesso</a>
            </p>
          )
          : (
            <ul class="systems">
              {memberships.map(({ cnes, name, profile }) => (
                <li key={cnes} class="card system">
                  <h3>{name}</h3>
                  <p>CNES {cnes}</p>
                  <p>
                    {profile
                      ? (
                        <>
                          <span class="tag approved">{profile}</span> {PROFILES[profile]}
                        </>
                      )
                      : "Perfil ainda não aprovado"}
                  </p>
                </li>
              ))}
            </ul>
          )}
      </section>
      {requests.length > 0 && (
        <section aria-labelledby="meus-pedidos">
          <h2 id="meus-pedidos">Meus pedidos</h2>
          <RequestList requests={requests} />
        </section>
      )}
    </div>
  );
});
