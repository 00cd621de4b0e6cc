import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField, EmailField } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import {
  confirmEmailChange,
  pendingEmail,
  requestEmailChange,
} from "@/core/account/change_email.ts";
import { proofAsked } from "@/core/account/reauthenticate.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { CurrentPassword, GovbrAgain } from "./(_components)/proof.tsx";

const TITLE = "Trocar o e-mail";

/** J9: two steps on one page, the new address and then its code. */
export const handler = define.handlers({
  async GET(ctx) {
    const { session } = requireCaller(ctx.state);
    const again = ctx.url.searchParams.has("outro");
    return showChange(ctx, again ? null : await pendingEmail(ctx.state.deps, session));
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const { session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const confirming = form.text("acao") === "confirmar";
    const done = confirming
      ? await confirmEmailChange(deps, session, form.text("codigo"))
      : await requestEmailChange(deps, session, {
        email: form.text("email"),
        password: form.text("atual"),
        address: addressOf(ctx),
      });
    if (done.ok) return ctx.redirect(confirming ? "/conta?aviso=email" : "/conta/email", 303);
    if (done.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    const pending = confirming ? await pendingEmail(deps, session) : null;
    return showChange(ctx, pending, form.text("email"), done);
  },
});

/** @param pending the address that waits for its code */
function showChange(
  ctx: Context<State>,
  pending: string | null,
  typed = "",
  refusal: Refusal | null = null,
) {
  const { person, session } = requireCaller(ctx.state);
  const proof = proofAsked(ctx.state.deps, person, session);
  return show(ctx, TITLE, { current: person.email ?? "", pending, typed, proof }, refusal);
}

type Data = ReturnType<typeof showChange>["data"];

export default define.page<typeof handler>(function ChangeEmail({ data }) {
  return (
    <Page title={TITLE} back={{ href: "/conta", label: "Minha conta" }}>
      {data.pending
        ? <Confirm email={data.pending} error={data.error} />
        : data.proof === "govbr_again"
        ? <GovbrAgain />
        : <Ask {...data} />}
    </Page>
  );
});

function Ask({ current, typed, proof, error }: Data) {
  return (
    <>
      <FormError message={error} />
      <form method="post" class="card form">
        <p>
          Hoje o seu e-mail é <strong>{current}</strong>.
        </p>
        <EmailField
          label="E-mail novo"
          value={typed}
          hint="Enviamos um código para ele. O e-mail só muda depois que você digitar o código."
        />
        {proof === "password" && <CurrentPassword />}
        <button class="button primary" type="submit">Enviar código</button>
      </form>
    </>
  );
}

function Confirm({ email, error }: { email: string; error: string | null }) {
  return (
    <>
      <FormError message={error} />
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para <strong>{email}</strong>. Ele vale por 10 minutos.
        </p>
        <CodeField />
        <button class="button primary" name="acao" value="confirmar" type="submit">
          Confirmar
        </button>
      </form>
      <p>
        <a href="/conta/email?outro">Informar outro e-mail</a>
      </p>
    </>
  );
}
