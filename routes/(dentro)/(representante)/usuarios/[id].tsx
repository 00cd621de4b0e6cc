import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { SystemChoice } from "@/components/SystemChoice.tsx";
import { listMembershipsOf } from "@/core/access/membership.ts";
import { makeAdministrator } from "@/core/access/change_membership.ts";
import { getUser, isActiveUserOf } from "@/core/access/users/user_of_operadora.ts";
import { listGrants, setGrants } from "@/core/access/users/grants.ts";
import type { System } from "@/core/config/mod.ts";
import {
  changeContactEmail,
  renewProvisionalPassword,
} from "@/core/access/users/provisional_password.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import { reachableEmail } from "@/core/notify/notify.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import {
  type Establishment,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { maskCpf, maskEmail, parseCnes } from "@/core/registry/numbers.ts";
import type { Membership } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { requireOperadora } from "@/http/caller.ts";
import { type Form, noticeOf, readForm } from "@/http/form.ts";

interface Data {
  person: { name: string; cpf: string; email: string; waiting: boolean; active: boolean };
  systems: readonly System[];
  granted: string[];
  /** Establishments of this operadora with the profile the person has there. */
  establishments: (Establishment & { profile: Membership["profile"] | null })[];
  error: string | null;
  notice: string | null;
}

const NOTICES: Record<string, string> = {
  senha: "Enviamos uma senha provisória nova. A anterior não vale mais.",
  email: "E-mail corrigido. Enviamos para ele uma senha provisória nova. A anterior não vale mais.",
  desativar:
    "Pessoa desativada nesta operadora e nos estabelecimentos dela. A mudança já vale, e ela foi " +
    "avisada por e-mail.",
  reativar:
    "Pessoa reativada, com os mesmos sistemas de antes. O acesso a estabelecimentos não volta: ela " +
    "pede de novo os três passos. Ela foi avisada por e-mail.",
  sistemas: "Sistemas atualizados. A mudança já vale.",
  administrador: "A pessoa agora é ADMINISTRADOR do estabelecimento e foi avisada por e-mail.",
};

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const person = await findUser(ctx.state.deps, operadora.cnpj, ctx.params.id!);
    ctx.state.title = person.name;
    const notice = noticeOf(ctx.url, NOTICES);
    return page({ ...await load(ctx.state.deps, operadora.cnpj, person), error: null, notice });
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { deps } = ctx.state;
    const person = await findUser(deps, operadora.cnpj, ctx.params.id!);
    const form = await readForm(ctx.req);
    const action = form.text("acao");
    const done = await act(deps, caller.person, operadora, person, form);
    if (done.ok) return ctx.redirect(`/usuarios/${person.id}?aviso=${action}`, 303);
    ctx.state.title = person.name;
    const data = await load(deps, operadora.cnpj, person);
    return page({ ...data, error: explain(done), notice: null }, { status: 422 });
  },
});

function act(deps: Deps, actor: Person, operadora: Operadora, person: Person, form: Form) {
  switch (form.text("acao")) {
    case "administrador": {
      const cnes = parseCnes(form.text("cnes")) ?? "";
      return makeAdministrator(deps, actor, operadora.cnpj, person, cnes);
    }
    case "senha":
      return renewProvisionalPassword(deps, actor, operadora, person);
    case "email":
      return changeContactEmail(deps, actor, operadora, person, form.text("email"));
    case "desativar":
    case "reativar":
      return setUserActive(deps, actor, operadora, person, form.text("acao") === "reativar");
    case "sistemas":
      return setGrants(deps, actor, operadora.cnpj, person, form.all("sistema"));
    default:
      throw new HttpError(400);
  }
}

/** @throws {HttpError} 404, also for people of another operadora: ids tell nothing */
async function findUser(deps: Deps, cnpj: string, id: string): Promise<Person> {
  const person = await getUser(deps, cnpj, id);
  if (!person) throw new HttpError(404);
  return person;
}

async function load(deps: Deps, cnpj: string, person: Person) {
  const [active, granted, establishments, memberships] = await Promise.all([
    isActiveUserOf(deps, cnpj, person.cpf),
    listGrants(deps, cnpj, person.cpf),
    listEstablishmentsOfOperadora(deps, cnpj, { limit: 100 }),
    listMembershipsOf(deps, person.cpf),
  ]);
  return {
    person: {
      name: person.name,
      cpf: maskCpf(person.cpf),
      email: maskEmail(reachableEmail(person) ?? ""),
      waiting: person.email === null,
      active,
    },
    systems: deps.config.systems,
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
      <p class="lead">CPF {data.person.cpf} · {data.person.email}</p>
      {data.notice && <Notice kind="success">{data.notice}</Notice>}
      <FormError message={data.error} />
      {!data.person.active && (
        <Notice kind="warning">
          Desativado nesta operadora: a pessoa não acessa nada em nome dela. Os sistemas ficam
          guardados para quando for reativada. O acesso a estabelecimentos não volta: a pessoa pede
          de novo os três passos.
        </Notice>
      )}
      {data.person.waiting && <Waiting />}
      <form method="post" class="card form">
        <SystemChoice systems={data.systems} granted={data.granted} />
        <button class="button primary" name="acao" value="sistemas" type="submit">
          Salvar sistemas
        </button>
      </form>
      <form method="post" class="card form">
        {data.person.active
          ? (
            <>
              <p>
                Ao desativar, a pessoa perde também os perfis e os computadores nos estabelecimentos
                da operadora. Se for reativada, os sistemas voltam; os estabelecimentos, não: ela
                pede de novo os três passos.
              </p>
              <button class="button danger" name="acao" value="desativar" type="submit">
                Desativar nesta operadora
              </button>
            </>
          )
          : (
            <button class="button primary" name="acao" value="reativar" type="submit">
              Reativar nesta operadora
            </button>
          )}
      </form>
      <section aria-labelledby="cnes">
        <h2 id="cnes">Estabelecimentos da operadora</h2>
        {data.establishments.length === 0 && (
          <p>Nenhum estabelecimento do CNES está ligado a esta operadora.</p>
        )}
        <ul class="request-list">
          {data.establishments.map((one) => (
            <li key={one.cnes} class="card">
              <EstablishmentForm establishment={one} active={data.person.active} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
});

function Waiting() {
  return (
    <>
      <form method="post" class="card form">
        <p>Ainda não fez o primeiro acesso. A senha provisória vale por 72 horas.</p>
        <button class="button secondary" name="acao" value="senha" type="submit">
          Enviar nova senha provisória
        </button>
      </form>
      <form method="post" class="card form">
        <Field
          label="O e-mail estava errado? Informe o certo"
          name="email"
          type="email"
          autocomplete="off"
          maxLength={254}
          required
          hint="Uma senha provisória nova vai para ele, e a anterior deixa de valer."
        />
        <button class="button secondary" name="acao" value="email" type="submit">
          Corrigir o e-mail
        </button>
      </form>
    </>
  );
}

function EstablishmentForm(
  { establishment, active }: { establishment: Data["establishments"][number]; active: boolean },
) {
  const { cnes, nome, profile } = establishment;
  return (
    <form method="post">
      <p>
        <strong>{nome}</strong> · CNES {cnes}{" "}
        {profile && <span class="tag approved">{profile}</span>}
      </p>
      <input type="hidden" name="cnes" value={cnes} />
      {active && profile !== "ADMINISTRADOR" && (
        <button class="button secondary" name="acao" value="administrador" type="submit">
          Tornar ADMINISTRADOR
        </button>
      )}
    </form>
  );
}
