import { define } from "@/app.ts";
import { FormError } from "@/components/Notice.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptTerms } from "@/core/account/terms.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Termos de uso";

/** A new version of the terms is asked of each person once, at their next login. */
export const handler = define.handlers({
  GET(ctx) {
    if (requireCaller(ctx.state).termsAccepted) return ctx.redirect("/painel", 303);
    return show(ctx, TITLE, {});
  },
  async POST(ctx) {
    const { person } = requireCaller(ctx.state);
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    if (!accepted) return show(ctx, TITLE, {}, { code: "terms_not_accepted" });
    await acceptTerms(ctx.state.deps, person);
    return ctx.redirect("/painel", 303);
  },
});

export default define.page<typeof handler>(function NewTerms({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <p>Os termos mudaram desde a sua última visita. Leia e aceite para continuar.</p>
      <FormError message={data.error} />
      <TermsForm />
    </div>
  );
});
