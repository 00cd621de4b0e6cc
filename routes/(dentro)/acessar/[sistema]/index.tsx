import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { listMembershipsOf } from "@/core/access/membership.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { requireCaller, requireSystem } from "@/http/caller.ts";
import { show } from "@/http/page.ts";

/** In the name of which establishment? A person who has only one is led on to it. */
export const handler = define.handlers({
  async GET(ctx) {
    const { person } = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const system = requireSystem(ctx.state, ctx.params.sistema!);
    const memberships = await listMembershipsOf(deps, person.id);
    const [only, ...others] = memberships;
    if (only && others.length === 0) {
      return ctx.redirect(`/acessar/${system.id}/${only.cnes}`, 303);
    }
    const found = await getEstablishments(deps, memberships.map(({ cnes }) => cnes));
    const places = memberships.map(({ cnes, profile }, i) => ({
      cnes,
      profile,
      name: found[i]?.nome ?? "",
    }));
    return show(ctx, `Acessar ${system.name}`, { system, places });
  },
});

export default define.page<typeof handler>(function ChoosePlace({ data: { system, places } }) {
  return (
    <Page title={`Acessar ${system.name}`}>
      {places.length === 0
        ? (
          <>
            <Notice kind="info">
              O {system.name}{" "}
              é aberto em nome de um estabelecimento, depois de três passos: estabelecimento, perfil
              e computador. Você ainda não tem acesso a nenhum.
            </Notice>
            <div class="actions">
              <a class="button primary" href="/solicitar">Solicitar acesso</a>
              <a class="button secondary" href="/painel">Voltar ao painel</a>
            </div>
          </>
        )
        : (
          <>
            <p class="lead">Em nome de qual estabelecimento?</p>
            <ul class="systems">
              {places.map(({ cnes, name, profile }) => (
                <li key={cnes} class="card system">
                  <h2>{name}</h2>
                  <p>CNES {cnes}{profile && ` · ${profile}`}</p>
                  <p>
                    <a href={`/acessar/${system.id}/${cnes}`}>
                      Continuar <span class="sr-only">com {name}</span>
                    </a>
                  </p>
                </li>
              ))}
            </ul>
          </>
        )}
    </Page>
  );
});
