import { readSettings } from "../core/config/mod.ts";
import { explain } from "../core/messages.ts";
import { type CnesReport, importCnes } from "../core/registry/cnes_import.ts";
import { openStore } from "../core/store/open.ts";
import { CommandRefused, onlyOne, runCommand } from "./command.ts";
import { countsBelow, findFile } from "./import_file.ts";
import { showProgress } from "./progress.ts";

const HELP = `Importa uma edição do CNES (tbEstabelecimento….csv, dados abertos do CNES).

Uso: deno task import:cnes ARQUIVO [--municipios ARQUIVO]

--municipios   a tabela tbMunicipio….csv da mesma edição, para os nomes dos municípios

O arquivo inteiro é verificado antes de gravar. A edição nova substitui a atual de uma só vez; se
houver qualquer erro, nada muda e a mensagem diz a linha e a coluna. Se a importação for
interrompida, a edição atual continua valendo: rode o comando de novo. O portal pode continuar no ar.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

async function run(positionals: string[], values: { municipios?: string }): Promise<number> {
  const [establishments, municipios] = await Promise.all([
    findFile(onlyOne(positionals, "Diga qual arquivo importar.")),
    values.municipios === undefined ? undefined : findFile(values.municipios),
  ]);
  using kv = await openStore(readSettings("import:cnes"));
  const files = { establishments: establishments.open, municipios: municipios?.open };
  // The file is read twice.
  const bars = {
    check: showProgress("Conferindo", establishments.size),
    store: showProgress("Gravando", establishments.size),
  };
  const result = await importCnes({ kv, now: Date.now }, files, {
    onProgress(progress) {
      if (progress.phase === "remove") console.error("Removendo o que não vale mais…");
      else bars[progress.phase].update(progress.bytes);
    },
  });
  for (const bar of Object.values(bars)) bar.end();
  if (!result.ok) {
    throw new CommandRefused(`Importação recusada: a edição atual não mudou.\n${explain(result)}`);
  }
  console.log(summary(result.data));
  return 0;
}

function summary(report: CnesReport): string {
  if (report.unchanged) {
    return `Nada mudou: a edição atual do CNES já é a deste arquivo, com ${report.rows} estabelecimentos.`;
  }
  return countsBelow("Nova edição do CNES gravada.", {
    "Estabelecimentos": report.rows,
    "Em funcionamento": report.active,
    "Desativados": report.rows - report.active,
    "CNPJ ou CPF inválidos": report.invalidNumbers,
  }, [24, 8]);
}

if (import.meta.main) {
  await runCommand({ help: HELP, options: { municipios: { type: "string" } }, run });
}
