import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { listMembershipsOf } from "@/core/access/membership.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { requireCaller } from "@/http/caller.ts";

interface Data {
  system: { id: string; name: string };
  places: { cnes: string; name: string; profile: string | null }[];
}

/** In the name of which establishment? Whoever has only one is led on to it. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person } = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const system = deps.config.systems.find(({ id, access }) =>
      id === ctx.params.sistema && access === "steps"
    );
    if (!system) throw new HttpError(404);
    const memberships = await listMembershipsOf(deps, person.cpf);
    const [only, ...others] = memberships;
    if (only && others.length === 0) {
      return ctx.redirect(`/acessar/${system.id}/${only.cnes}`, 303);
    }
    const found = await getEstablishments(deps, memberships.map(({ cnes }) => cnes));
    ctx.state.title = `Acessar ${system.name}`;
    return page({
      system: { id: system.id, name: system.name },
      places: memberships.map(({ cnes, profile }, i) => ({
        cnes,
        profile,
        name: found[i]?.nome ?? "",
      })),
    });
  },
});

export default define.page<typeof handler>(function ChoosePlace({ data: { system, places } }) {
  return (
    <div class="container narrow">
      <h1>Acessar {system.name}</h1>
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
    </div>
  );
});
