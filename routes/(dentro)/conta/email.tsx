import { page } from "fresh";
import { define } from "@/app.ts";
import { CodeField } from "@/components/CodeField.tsx";
import { CurrentPassword } from "@/components/CurrentPassword.tsx";
import { Field } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import {
  confirmEmailChange,
  pendingEmail,
  requestEmailChange,
} from "@/core/account/change_email.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  current: string;
  /** The address that waits for its code. */
  pending: string | null;
  typed: string;
  error: string | null;
}

const TITLE = "Trocar o e-mail";

/** J9: two steps on one page, the new address and then its code. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person, session } = requireCaller(ctx.state);
    ctx.state.title = TITLE;
    const again = ctx.url.searchParams.has("outro");
    const pending = again ? null : await pendingEmail(ctx.state.portal, session);
    return page({ current: person.email ?? "", pending, typed: "", error: null });
  },
  async POST(ctx) {
    const { portal } = ctx.state;
    const { person, session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const confirming = form.text("acao") === "confirmar";
    const done = confirming
      ? await confirmEmailChange(portal, session, form.text("codigo"))
      : await requestEmailChange(portal, session, {
        email: form.text("email"),
        password: form.text("atual"),
        address: addressOf(ctx),
      });
    if (done.ok) return ctx.redirect(confirming ? "/conta?aviso=email" : "/conta/email", 303);
    if (done.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    ctx.state.title = TITLE;
    return page({
      current: person.email ?? "",
      pending: confirming ? await pendingEmail(portal, session) : null,
      typed: form.text("email"),
      error: explain(done),
    }, { status: 422 });
  },
});

export default define.page<typeof handler>(function ChangeEmail({ data }) {
  return (
    <div class="container narrow">
      <p>
        <a href="/conta">← Minha conta</a>
      </p>
      <h1>{TITLE}</h1>
      <FormError message={data.error} />
      {data.pending ? <Confirm email={data.pending} /> : <Ask {...data} />}
    </div>
  );
});

function Ask({ current, typed }: Data) {
  return (
    <form method="post" class="card form">
      <p>
        Hoje o seu e-mail é <strong>{current}</strong>.
      </p>
      <Field
        label="E-mail novo"
        name="email"
        type="email"
        autocomplete="email"
        value={typed}
        maxLength={254}
        required
        hint="Enviamos um código para ele. O e-mail só muda depois que você digitar o código."
      />
      <CurrentPassword />
      <button class="button primary" type="submit">Enviar código</button>
    </form>
  );
}

function Confirm({ email }: { email: string }) {
  return (
    <>
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
