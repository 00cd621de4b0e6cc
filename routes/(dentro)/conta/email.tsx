import { page } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField } from "@/components/CodeField.tsx";
import { CurrentPassword } from "@/components/CurrentPassword.tsx";
import { Field } from "@/components/Field.tsx";
import { GovbrAgain } from "@/components/GovbrAgain.tsx";
import { FormError } from "@/components/Notice.tsx";
import {
  confirmEmailChange,
  pendingEmail,
  requestEmailChange,
} from "@/core/account/change_email.ts";
import { type Proof, proofAsked } from "@/core/account/reauthenticate.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  current: string;
  /** The address that waits for its code. */
  pending: string | null;
  typed: string;
  proof: Proof;
  error: string | null;
}

const TITLE = "Trocar o e-mail";

/** J9: two steps on one page, the new address and then its code. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { session } = requireCaller(ctx.state);
    const again = ctx.url.searchParams.has("outro");
    const pending = again ? null : await pendingEmail(ctx.state.deps, session);
    return page(load(ctx.state, { pending, typed: "", error: null }));
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
    const data = { pending, typed: form.text("email"), error: explain(done) };
    return page(load(ctx.state, data), { status: 422 });
  },
});

function load(state: State, data: Pick<Data, "pending" | "typed" | "error">): Data {
  const { person, session } = requireCaller(state);
  state.title = TITLE;
  return { current: person.email ?? "", proof: proofAsked(state.deps, person, session), ...data };
}

export default define.page<typeof handler>(function ChangeEmail({ data }) {
  return (
    <div class="container narrow">
      <p>
        <a href="/conta">← Minha conta</a>
      </p>
      <h1>{TITLE}</h1>
      {data.pending
        ? <Confirm email={data.pending} error={data.error} />
        : data.proof === "govbr_again"
        ? <GovbrAgain />
        : <Ask {...data} />}
    </div>
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
