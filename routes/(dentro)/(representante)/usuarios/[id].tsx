import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { listMembershipsOf } from "@/core/access/membership.ts";
import { makeAdministrator } from "@/core/access/change_membership.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import { getUser, isActiveTie, type User } from "@/core/access/users/user_of_operadora.ts";
import { listGrants, setGrants } from "@/core/access/users/grants.ts";
import { parseAccountId } from "@/core/account/account.ts";
import type { Deps } from "@/core/deps.ts";
import {
  type Establishment,
  listEstablishmentsOfOperadora,
} from "@/core/registry/establishment.ts";
import { maskCpf, maskEmail, parseCnes } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import type { Profile } from "@/core/store/records/access.ts";
import type { Account } from "@/core/store/records/account.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { requireOperadora } from "@/http/caller.ts";
import { type Form, noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { SystemChoice } from "./(_components)/systems.tsx";

const NOTICES: Record<string, string> = {
  desativar:
    "Pessoa desativada nesta operadora e nos estabelecimentos dela. A mudança já vale, e ela foi " +
    "avisada por e-mail.",
  reativar:
    "Pessoa reativada, com os mesmos sistemas de antes. O acesso a estabelecimentos não volta: ela " +
    "pede de novo os três passos. Ela foi avisada por e-mail.",
  sistemas: "Sistemas atualizados. A mudança já vale.",
  administrador: "A pessoa agora é ADMINISTRADOR do estabelecimento e foi avisada por e-mail.",
};

export const handler = define.handlers({
  async GET(ctx) {
    return await showUser(ctx, await findUser(ctx));
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const user = await findUser(ctx);
    const { person } = user;
    const form = await readForm(ctx.req);
    const done = await act(ctx.state.deps, caller.person, operadora, person, form);
    if (!done.ok) return await showUser(ctx, user, done);
    return ctx.redirect(`/usuarios/${person.id}?aviso=${form.text("acao")}`, 303);
  },
});

function act(deps: Deps, actor: Account, operadora: Operadora, person: Account, form: Form) {
  switch (form.text("acao")) {
    case "administrador": {
      const cnes = parseCnes(form.text("cnes")) ?? "";
      return makeAdministrator(deps, actor, operadora.cnpj, person, cnes);
    }
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
async function findUser({ state, params }: Context<State>): Promise<User> {
  const { cnpj } = requireOperadora(state).operadora;
  const id = parseAccountId(params.id!);
  const user = id && await getUser(state.deps, cnpj, id);
  if (!user) throw new HttpError(404);
  return user;
}

async function showUser(ctx: Context<State>, user: User, refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const { cnpj } = requireOperadora(ctx.state).operadora;
  const { person, tie } = user;
  const active = isActiveTie(tie);
  const [granted, { items }, memberships] = await Promise.all([
    listGrants(deps, cnpj, person.id),
    listEstablishmentsOfOperadora(deps, cnpj, { limit: 100 }),
    listMembershipsOf(deps, person.id),
  ]);
  // Of this operadora, with the profile the person has there.
  const establishments = items.map((one) => ({
    ...one,
    profile: memberships.find(({ cnes }) => cnes === one.cnes)?.profile ?? null,
  }));
  const notice = refusal ? null : noticeOf(ctx.url, NOTICES);
  return show(ctx, tie.name, { tie, active, granted, establishments, notice }, refusal);
}

export default define.page<typeof handler>(function User({ data, state }) {
  const { tie, active, granted, establishments, notice, error } = data;
  return (
    <Page
      title={tie.name}
      back={{ href: "/usuarios", label: "Usuários" }}
      lead={
        <p class="lead">
          CPF {maskCpf(tie.cpf)} (informado pela operadora) · {maskEmail(tie.email)}
        </p>
      }
      notice={notice}
      error={error}
    >
      {!active && (
        <Notice kind="warning">
          Desativado nesta operadora: a pessoa não acessa nada em nome dela. Os sistemas ficam
          guardados para quando for reativada. O acesso a estabelecimentos não volta: a pessoa pede
          de novo os três passos.
        </Notice>
      )}
      <form method="post" class="card form">
        <SystemChoice systems={state.deps.config.systems} granted={granted} />
        <button class="button primary" name="acao" value="sistemas" type="submit">
          Salvar sistemas
        </button>
      </form>
      <form method="post" class="card form">
        {active
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
        {establishments.length === 0 && (
          <p>Nenhum estabelecimento do CNES está ligado a esta operadora.</p>
        )}
        <ul class="request-list">
          {establishments.map((one) => (
            <li key={one.cnes} class="card">
              <EstablishmentForm establishment={one} active={active} />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
});

function EstablishmentForm(
  { establishment, active }: {
    establishment: Establishment & { profile: Profile | null };
    active: boolean;
  },
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
