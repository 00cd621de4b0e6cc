import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { atStep } from "@/core/onboarding/steps.ts";
import { leadToStep } from "@/http/onboarding.ts";

/** J3: the name shown is not mine. CADOP has to be changed first; until then there is no way in. */
export const handler = define.handlers({
  GET(ctx) {
    const found = atStep(ctx.state.deps, ctx.state.session, "first_access", "usuario");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = "Este nome não é o meu";
    return page({ name: found.data.onboarding.name });
  },
});

export default define.page<typeof handler>(function AnotherName({ data }) {
  return (
    <div class="container narrow">
      <h1>Este nome não é o meu</h1>
      <Notice kind="warning">
        No cadastro da ANS (CADOP) o representante da operadora é{" "}
        <strong>{data.name}</strong>. Só essa pessoa pode fazer o primeiro acesso.
      </Notice>
      <h2>O que fazer</h2>
      <ol>
        <li>Peça à DIOPE/ANS a alteração do representante da operadora no CADOP.</li>
        <li>Espere a atualização do cadastro, que a ANS publica periodicamente.</li>
        <li>Volte ao portal com o certificado digital da operadora: o nome novo vai aparecer.</li>
      </ol>
      <div class="actions">
        <a class="button secondary" href="/primeiro-acesso">Voltar</a>
        <a class="button secondary" href="/">Ir para o início</a>
      </div>
    </div>
  );
});
