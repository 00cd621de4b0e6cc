import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { SystemChoice } from "@/components/SystemChoice.tsx";
import { listMembershipsOf, makeAdministrator } from "@/core/access/membership.ts";
import type { Membership } from "@/core/access/membership.ts";
import { getUser, listGrants, setGrants } from "@/core/access/user.ts";
import type { Person } from "@/core/account/person.ts";
import { explain } from "@/core/messages.ts";
import type { Portal } from "@/core/portal.ts";
import {
  type Establishment,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { maskCpf, parseCnes } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  person: { name: string; cpf: string };
  granted: string[];
  /** Establishments of this operadora with the profile the person has there. */
  establishments: (Establishment & { profile: Membership["profile"] | null })[];
  error: string | null;
  notice: string | null;
}

const NOTICES: Record<string, string> = {
  sistemas: "Sistemas atualizados. A mudança já vale.",
  administrador: "A pessoa agora é ADMINISTRADOR do estabelecimento e foi avisada por e-mail.",
};

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const person = await findUser(ctx.state.portal, operadora.cnpj, ctx.params.id!);
    ctx.state.title = person.name;
    const notice = NOTICES[ctx.url.searchParams.get("aviso") ?? ""] ?? null;
    return page({ ...await load(ctx.state.portal, operadora.cnpj, person), error: null, notice });
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { portal } = ctx.state;
    const person = await findUser(portal, operadora.cnpj, ctx.params.id!);
    const form = await readForm(ctx.req);
    const promote = form.text("acao") === "administrador";
    const cnes = parseCnes(form.text("cnes")) ?? "";
    const done = promote
      ? await makeAdministrator(portal, caller.person, operadora.cnpj, person, cnes)
      : await setGrants(portal, caller.person, operadora.cnpj, person, form.all("sistema"));
    if (done.ok) {
      const notice = promote ? "administrador" : "sistemas";
      return ctx.redirect(`/usuarios/${person.id}?aviso=${notice}`, 303);
    }
    ctx.state.title = person.name;
    const data = await load(portal, operadora.cnpj, person);
    return page({ ...data, error: explain(done), notice: null }, { status: 422 });
  },
});

/** @throws {HttpError} 404, also for people of another operadora: ids tell nothing */
async function findUser(portal: Portal, cnpj: string, id: string): Promise<Person> {
  const person = await getUser(portal, cnpj, id);
  if (!person) throw new HttpError(404);
  return person;
}

async function load(portal: Portal, cnpj: string, person: Person) {
  const [granted, establishments, memberships] = await Promise.all([
    listGrants(portal, cnpj, person.cpf),
    listEstablishmentsOfOperadora(portal, cnpj, { limit: 100 }),
    listMembershipsOf(portal, person.cpf),
  ]);
  return {
    person: { name: person.name, cpf: maskCpf(person.cpf) },
    granted,
    establishments: establishments.items.map((one) => ({
      ...one,
      profile: memberships.find(({ cnes }) => cnes === one.cnes)?.profile ?? null,
    })),
  };
}

export default define.page<typeof handler>(function User({ data }) {
  return (
    <div class="container narrow">
      <p>
        <a href="/usuarios">← Usuários</a>
      </p>
      <h1>{data.person.name}</h1>
      <p class="lead">CPF {data.person.cpf}</p>
      {data.notice && <Notice kind="success">{data.notice}</Notice>}
      <FormError message={data.error} />
      <form method="post" class="card form">
        <SystemChoice granted={data.granted} />
        <button class="button primary" name="acao" value="sistemas" type="submit">
          Salvar sistemas
        </button>
      </form>
      <section aria-labelledby="cnes">
        <h2 id="cnes">Estabelecimentos da operadora</h2>
        {data.establishments.length === 0 && (
          <p>Nenhum estabelecimento do CNES está ligado a esta operadora.</p>
        )}
        <ul class="request-list">
          {data.establishments.map((one) => (
            <li key={one.cnes} class="card">
              <EstablishmentForm establishment={one} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
});

function EstablishmentForm({ establishment }: { establishment: Data["establishments"][number] }) {
  const { cnes, nome, profile } = establishment;
  return (
    <form method="post">
      <p>
        <strong>{nome}</strong> · CNES {cnes}{" "}
        {profile && <span class="tag approved">{profile}</span>}
      </p>
      <input type="hidden" name="cnes" value={cnes} />
      {profile !== "ADMINISTRADOR" && (
        <button class="button secondary" name="acao" value="administrador" type="submit">
          Tornar ADMINISTRADOR
        </button>
      )}
    </form>
  );
}
