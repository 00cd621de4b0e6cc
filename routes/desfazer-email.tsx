import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { undoEmailChange } from "@/core/account/undo_email.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Desfazer a mudança de e-mail";

/**
 * Where the link leads that the former address was sent. Opening it does nothing yet: programs that
 * check mail open every link.
 */
export const handler = define.handlers({
  GET(ctx) {
    const { searchParams } = ctx.url;
    const id = searchParams.get("pessoa") ?? "";
    return show(ctx, TITLE, { id, token: searchParams.get("chave") ?? "", undone: null });
  },
  async POST(ctx) {
    const form = await readForm(ctx.req);
    const link = { id: form.id("pessoa"), token: form.text("chave") };
    const undone = await undoEmailChange(ctx.state.deps, link);
    // The address that is in force again.
    const address = undone.ok ? maskEmail(undone.data) : null;
    return show(ctx, TITLE, { ...link, undone: address }, undone.ok ? null : undone);
  },
});

export default define.page<typeof handler>(function UndoEmail({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      {data.undone
        ? (
          <>
            <Notice kind="success">
              Pronto: o e-mail do cadastro voltou a ser{" "}
              {data.undone}; a senha, o Telegram e todas as sessões foram encerrados.
            </Notice>
            <p>
              Para entrar de novo,{" "}
              <a href="/recuperar-senha">crie outra senha</a>: o código vai para este e-mail.
            </p>
          </>
        )
        : (
          <form method="post" action="/desfazer-email" class="card form">
            <p>
              O e-mail do seu cadastro volta a ser o anterior. Quem o trocou pode conhecer a sua
              senha: ela, o Telegram e todas as sessões são encerrados, e você cria outra senha.
            </p>
            <input type="hidden" name="pessoa" value={data.id} />
            <input type="hidden" name="chave" value={data.token} />
            <button class="button primary" type="submit">Desfazer a mudança</button>
          </form>
        )}
    </Page>
  );
});
