import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { type ImportLine, importUsers, previewImport } from "@/core/access/users/import_users.ts";
import { explain } from "@/core/messages.ts";
import { decodeText } from "@/core/registry/csv.ts";
import { requireOperadora } from "@/http/caller.ts";
import { type Form, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

interface Data {
  /** What the file holds; goes with the confirmation, so that nothing is kept in between. */
  text: string;
  lines: ImportLine[];
  done: boolean;
}

const TITLE = "Importar usuários";
const START: Data = { text: "", lines: [], done: false };
const OUTCOMES: Record<ImportLine["outcome"], [future: string, past: string]> = {
  novo: ["Será convidada e recebe a senha provisória", "Convidada; a senha seguiu por e-mail"],
  ja_cadastrado: [
    "Já convidada ou cadastrada aqui: nada muda",
    "Já convidada ou cadastrada aqui: nada mudou",
  ],
  erro: ["Não será convidada", "Não foi convidada"],
};

/** Two steps, without JavaScript: the file and what will happen, then the confirmation. */
export const handler = define.handlers({
  GET: (ctx) => show(ctx, TITLE, START),
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { deps } = ctx.state;
    const form = await readForm(ctx.req);
    const done = form.text("acao") === "confirmar";
    const text = done ? form.text("texto") : await fileText(form);
    const report = done
      ? await importUsers(deps, caller.person, operadora, text)
      : await previewImport(deps, operadora, text);
    if (!report.ok) return show(ctx, TITLE, START, report);
    return show(ctx, TITLE, { text, lines: report.data, done });
  },
});

async function fileText(form: Form): Promise<string> {
  const bytes = await form.file("arquivo") ?? new Uint8Array();
  return (await Array.fromAsync(decodeText(ReadableStream.from([bytes])))).join("");
}

export default define.page<typeof handler>(function ImportUsers({ data }) {
  return (
    <Page title={TITLE} wide back={{ href: "/usuarios", label: "Usuários" }} error={data.error}>
      {data.lines.length === 0 ? <Upload /> : <Report {...data} />}
    </Page>
  );
});

function Upload() {
  return (
    <form method="post" encType="multipart/form-data" class="card form">
      <p>
        Salve a planilha como CSV. A primeira linha traz os títulos{" "}
        <strong class="nowrap">CPF;Nome;E-mail;Sistemas</strong>{" "}
        e cada linha uma pessoa, até 1.000. Vários sistemas vão separados por vírgula, como “SIB,
        TISS”. Antes de cadastrar, mostramos o que vai acontecer com cada linha.
      </p>
      <div class="field">
        <label for="arquivo">Arquivo CSV</label>
        <input id="arquivo" name="arquivo" type="file" accept=".csv,text/csv" required />
      </div>
      <button class="button primary" type="submit">Conferir</button>
    </form>
  );
}

function Report({ text, lines, done }: Data) {
  const count = lines.filter(({ outcome }) => outcome === "novo").length;
  return (
    <>
      <Notice kind={done ? "success" : "info"}>
        {done ? `Pessoas convidadas: ${count}.` : `Pessoas a convidar: ${count}.`} Linhas com erro:
        {" "}
        {lines.filter(({ outcome }) => outcome === "erro").length}.
      </Notice>
      <Table
        label="Linhas do arquivo"
        heads={["Linha", "Nome", done ? "O que aconteceu" : "O que vai acontecer"]}
      >
        {lines.map(({ line, name, outcome, problem }) => (
          <tr key={line}>
            <td>{line}</td>
            <td>{name}</td>
            <td>
              {OUTCOMES[outcome][done ? 1 : 0]}
              {problem &&
                `. ${problem.column && `Coluna ${problem.column}: `}${explain(problem)}`}
            </td>
          </tr>
        ))}
      </Table>
      {done || count === 0
        ? <a class="button secondary" href="/usuarios/importar">Enviar outro arquivo</a>
        : (
          <form method="post" encType="multipart/form-data" class="actions">
            <input type="hidden" name="texto" value={text} />
            <button class="button primary" name="acao" value="confirmar" type="submit">
              Cadastrar
            </button>
            <a class="button secondary" href="/usuarios/importar">Cancelar</a>
          </form>
        )}
    </>
  );
}
