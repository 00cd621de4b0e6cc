import { page } from "fresh";
import { define } from "@/app.ts";
import { FormError } from "@/components/Notice.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptTerms } from "@/core/account/terms.ts";
import { explain } from "@/core/messages.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

/** A new version of the terms is asked of everyone once, at their next login. */
export const handler = define.handlers<{ error: string | null }>({
  GET(ctx) {
    if (requireCaller(ctx.state).termsAccepted) return ctx.redirect("/painel", 303);
    ctx.state.title = "Termos de uso";
    return page({ error: null });
  },
  async POST(ctx) {
    const { person } = requireCaller(ctx.state);
    if ((await readForm(ctx.req)).text("aceito") === "sim") {
      await acceptTerms(ctx.state.deps, person);
      return ctx.redirect("/painel", 303);
    }
    ctx.state.title = "Termos de uso";
    return page({ error: explain({ code: "terms_not_accepted" }) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function NewTerms({ data }) {
  return (
    <div class="container narrow">
      <h1>Termos de uso</h1>
      <p>Os termos mudaram desde a sua última visita. Leia e aceite para continuar.</p>
      <FormError message={data.error} />
      <TermsForm />
    </div>
  );
});
