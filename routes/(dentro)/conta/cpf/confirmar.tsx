import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField, PasswordField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import {
  proveWithCode,
  proveWithPassword,
  sendEcpfCode,
  shownEcpf,
} from "@/core/onboarding/joining/ecpf.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Confirme que a conta é sua";

/** The e-CPF has signed: the account's credential, entered anew, ends the proof. */
export const handler = define.handlers({
  GET: (ctx) => showConfirmation(ctx),
  async POST(ctx) {
    const { deps } = ctx.state;
    const { session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const address = addressOf(ctx);
    const action = form.text("acao");
    if (action === "enviar") {
      const sent = await sendEcpfCode(deps, session, address);
      return sent.ok ? ctx.redirect("/conta/cpf/confirmar", 303) : showConfirmation(ctx, sent);
    }
    const proved = action === "codigo"
      ? await proveWithCode(deps, session, form.text("codigo"))
      : await proveWithPassword(deps, session, { password: form.text("senha"), address });
    if (!proved.ok) return showConfirmation(ctx, proved);
    const onwards = ctx.redirect("/conta/cpf?aviso=comprovado", 303);
    return await setSessionCookie(onwards, deps, proved.data);
  },
});

function showConfirmation(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  const { deps } = ctx.state;
  const { person, session } = requireCaller(ctx.state);
  if (refusal?.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
  const shown = shownEcpf(deps, session);
  if (!shown || refusal?.code === "ecpf_missing") {
    return ctx.redirect("/conta/cpf?vencido", 303);
  }
  const data = {
    type: shown.type,
    email: maskEmail(person.email ?? ""),
    sent: shown.sentTo !== null,
    hasPassword: person.password !== null,
  };
  return show(ctx, TITLE, data, refusal);
}

export default define.page<typeof handler>(function ConfirmAccount({ data }) {
  const { type, email, sent, hasPassword, error } = data;
  return (
    <Page
      title={TITLE}
      back={{ href: "/conta/cpf", label: "Como comprovar o CPF" }}
      lead={
        <p class="lead">
          O e-CPF ({type}) foi conferido e é do CPF desta conta. Falta mostrar, em até 10 minutos,
          que a conta é sua: estar conectado não basta.
        </p>
      }
      error={error}
    >
      {hasPassword && (
        <form method="post" class="card form">
          <h2>Com a senha da conta</h2>
          <PasswordField label="Senha da conta" />
          <button
            class={`button ${sent ? "secondary" : "primary"}`}
            name="acao"
            value="senha"
            type="submit"
          >
            Comprovar o CPF
          </button>
        </form>
      )}
      {sent && (
        <form method="post" class="card form">
          <h2>Com o código</h2>
          <p>
            Se ainda não chegou, o código de 8 caracteres está a caminho de{" "}
            <strong>{email}</strong>. Ele vale por 10 minutos, só neste navegador.
          </p>
          <CodeField />
          <button class="button primary" name="acao" value="codigo" type="submit">
            Comprovar com o código
          </button>
        </form>
      )}
      <form method="post" class="card form">
        <h2>{hasPassword ? "Não sabe a senha?" : "Com um código no e-mail da conta"}</h2>
        <p>
          {hasPassword &&
            "Um código confirma que a conta é sua; a senha não fica confirmada por ele. "}
          O código vai para <strong>{email}</strong>.
        </p>
        <button
          class={`button ${hasPassword || sent ? "secondary" : "primary"}`}
          name="acao"
          value="enviar"
          type="submit"
        >
          {sent ? "Enviar outro código" : "Enviar código"}
        </button>
      </form>
    </Page>
  );
});
