import { explain } from "../core/messages.ts";
import { importCadop, type ImportReport } from "../core/registry/cadop_import.ts";
import { openStore } from "../core/store/open.ts";
import { findFile } from "./import_file.ts";
import { type Progress, showProgress } from "./progress.ts";

const HELP = `Importa uma edição do CADOP (Relatorio_cadop.csv, dados abertos da ANS).

Uso: deno task import:cadop ARQUIVO

A edição nova substitui a atual por inteiro. Se houver qualquer erro no arquivo, nada é gravado
e a mensagem diz a linha e a coluna. O portal pode continuar no ar durante a importação.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Runs the command and answers its exit code: 0 done, 1 refused, 2 wrong use. */
async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const [path, ...more] = args;
  if (path === undefined || path.startsWith("-") || more.length > 0) {
    console.error(`Diga qual arquivo importar.\n\n${HELP}`);
    return 2;
  }
  const source = await findFile(path);
  if (typeof source === "string") {
    console.error(source);
    return 1;
  }
  using kv = await openStore(Deno.env.get("HABILITA_DATA") || ".data");
  const reading = showProgress("Lendo", source.size);
  let storing: Progress | undefined;
  const result = await importCadop({ kv, now: Date.now }, await source.open(), {
    onProgress(progress) {
      if (progress.phase === "read") return reading.update(progress.bytes);
      storing ??= showProgress("Gravando", progress.total);
      storing.update(progress.rows);
    },
  });
  reading.end();
  storing?.end();
  if (!result.ok) {
    console.error(`Importação recusada: nada foi gravado.\n${explain(result)}`);
    return 1;
  }
  console.log(summary(result.data));
  return 0;
}

function summary(report: ImportReport): string {
  if (report.unchanged) {
    return `Nada mudou: a edição atual do CADOP já tem estas ${report.rows} operadoras.`;
  }
  const counts: [string, number][] = [
    ["Operadoras", report.rows],
    ["Novas", report.added.length],
    ["Alteradas", report.changed.length],
    ["Com novo representante", report.newRepresentative.length],
    ["Retiradas", report.removed.length],
    ["Sem e-mail para códigos", report.withoutEmail.length],
  ];
  const lines = counts.map(([what, count]) => `  ${what.padEnd(24)}${String(count).padStart(6)}`);
  return ["Nova edição do CADOP gravada.", ...lines].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
