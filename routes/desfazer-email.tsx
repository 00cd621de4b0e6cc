import { page } from "fresh";
import { define } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { undoEmailChange } from "@/core/account/undo_email.ts";
import { explain } from "@/core/messages.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  id: string;
  token: string;
  /** The address that is in force again. */
  undone: string | null;
  error: string | null;
}

const TITLE = "Desfazer a mudança de e-mail";

/**
 * Where the link leads that the former address was sent. Opening it does nothing yet: programs that
 * check mail open every link.
 */
export const handler = define.handlers<Data>({
  GET(ctx) {
    const { searchParams } = ctx.url;
    ctx.state.title = TITLE;
    const id = searchParams.get("pessoa") ?? "";
    return page({ id, token: searchParams.get("chave") ?? "", undone: null, error: null });
  },
  async POST(ctx) {
    const form = await readForm(ctx.req);
    const link = { id: form.id("pessoa"), token: form.text("chave") };
    const undone = await undoEmailChange(ctx.state.deps, link);
    ctx.state.title = TITLE;
    return undone.ok
      ? page({ ...link, undone: maskEmail(undone.data), error: null })
      : page({ ...link, undone: null, error: explain(undone) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function UndoEmail({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <FormError message={data.error} />
      {data.undone
        ? (
          <>
            <Notice kind="success">
              Pronto: o e-mail do cadastro voltou a ser{" "}
              {data.undone}, e todas as sessões foram encerradas.
            </Notice>
            <p>
              Se não foi você que trocou o e-mail, alguém sabe a sua senha.{" "}
              <a href="/recuperar-senha">Troque a senha agora</a>.
            </p>
          </>
        )
        : (
          <form method="post" action="/desfazer-email" class="card form">
            <p>
              O e-mail do seu cadastro volta a ser o anterior, e todas as sessões são encerradas.
            </p>
            <input type="hidden" name="pessoa" value={data.id} />
            <input type="hidden" name="chave" value={data.token} />
            <button class="button primary" type="submit">Desfazer a mudança</button>
          </form>
        )}
    </div>
  );
});
