import { page } from "fresh";
import { define } from "@/app.ts";
import { Check } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { maskEmail } from "@/core/account/account.ts";
import { explain } from "@/core/messages.ts";
import { accountsToChoose, chooseAccount } from "@/core/signin/password.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { goOn } from "@/http/sign_in.ts";

const TITLE = "Escolha a conta";

/** Several accounts have the password that was typed. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    const accounts = await accountsToChoose(deps, session);
    if (accounts.length === 0) return ctx.redirect("/entrar", 303);
    ctx.state.title = TITLE;
    return page({ accounts, error: null as string | null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const chosen = (await readForm(ctx.req)).text("conta");
    const caller = { address: addressOf(ctx), agent: agentOf(ctx.req), session };
    const login = await chooseAccount(deps, caller, chosen);
    if (login.ok) return await goOn(ctx, login.data);
    const accounts = await accountsToChoose(deps, session);
    if (accounts.length === 0) return ctx.redirect("/entrar?fim", 303);
    ctx.state.title = TITLE;
    return page({ accounts, error: explain(login) as string | null }, { status: 422 });
  },
});

export default define.page<typeof handler>(function ChooseAccount({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <p>Mais de uma conta com este CPF tem a senha digitada. Em qual você quer entrar?</p>
        {data.accounts.map(({ id, email, createdAt, operadoras }) => (
          <Check key={id} type="radio" name="conta" value={id} required>
            <strong>{email ? maskEmail(email) : "primeiro acesso"}</strong>
            {`, desde ${since(createdAt)}`}
            {operadoras.length > 0 && `, ${operadoras.join(", ")}`}
          </Check>
        ))}
        <div class="actions">
          <button class="button primary" type="submit">Entrar</button>
          <a class="button secondary" href="/entrar">Voltar</a>
        </div>
      </form>
      <p class="muted">Para entrar direto em uma delas, digite o e-mail dela em vez do CPF.</p>
    </Page>
  );
});

function since(createdAt: number): string {
  return new Date(createdAt).toLocaleDateString("pt-BR", { timeZone: "America/Sao_Paulo" });
}
