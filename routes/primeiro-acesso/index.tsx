import { page } from "fresh";
import { define } from "@/app.ts";
import { Field } from "@/components/Field.tsx";
import { FIRST_ACCESS_LABELS, Steps } from "@/components/Steps.tsx";
import { confirmName } from "@/core/onboarding/first_access/steps.ts";
import { Fact } from "@/components/tables.tsx";
import { getOperadora } from "@/core/registry/operadora.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import { atStep } from "@/core/onboarding/steps.ts";
import { leadToStep } from "@/http/onboarding.ts";

/** J1, first page: the representative's name from CADOP, and no password asked. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    const found = atStep(deps, session, "first_access", "usuario");
    if (!found.ok) return leadToStep(ctx, found);
    const { certificate, onboarding: firstAccess } = found.data;
    const cnpj = certificate!.operadora!;
    const operadora = await getOperadora(deps, cnpj);
    ctx.state.title = "Primeiro acesso";
    return page({
      name: firstAccess.name,
      razaoSocial: operadora?.razaoSocial ?? "",
      cnpj: formatCnpj(cnpj),
      registroAns: operadora?.registroAns ?? "",
    });
  },
  async POST(ctx) {
    const done = await confirmName(ctx.state.deps, ctx.state.session);
    return done.ok ? ctx.redirect("/primeiro-acesso/termos", 303) : leadToStep(ctx, done);
  },
});

export default define.page<typeof handler>(function FirstAccess({ data }) {
  return (
    <div class="container narrow">
      <h1>Primeiro acesso</h1>
      <Steps steps={FIRST_ACCESS_LABELS} current={0} />
      <form method="post" class="card form">
        <dl class="facts">
          <Fact name="Operadora">{data.razaoSocial}</Fact>
          <Fact name="CNPJ">{data.cnpj}</Fact>
          <Fact name="Registro ANS">{data.registroAns}</Fact>
        </dl>
        <Field
          label="Usuário"
          name="usuario"
          value={data.name}
          readOnly
          hint="É o representante da operadora no cadastro da ANS (CADOP). No primeiro acesso não é pedida senha."
        />
        <div class="actions">
          <button class="button primary" type="submit">Acessar</button>
          <a class="button secondary" href="/primeiro-acesso/outro-nome">Este nome não é o meu</a>
        </div>
      </form>
    </div>
  );
});
