import { page } from "fresh";
import { define } from "@/app.ts";
import { TermsText } from "@/components/terms.tsx";
import { TERMS_VERSION } from "@/core/account/terms.ts";

export const handler = define.handlers({
  GET(ctx) {
    ctx.state.title = "Termos de uso";
    return page();
  },
});

export default define.page(function Terms() {
  return (
    <div class="container narrow">
      <h1>Termos de uso</h1>
      <p>Versão de {TERMS_VERSION.split("-").reverse().join("/")}.</p>
      <TermsText />
    </div>
  );
});
