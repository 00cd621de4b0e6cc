import { describeTrust } from "../../core/certificate/trust.ts";
import { ICP_BRASIL_ROOTS, readSettings } from "../../core/config/mod.ts";
import { openStore } from "../../core/store/open.ts";
import { runCommand, WrongUse } from "../command.ts";

const HELP = `Mostra as autoridades certificadoras em que o portal confia.

Uso: deno task trust:list

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

const date = new Intl.DateTimeFormat("pt-BR", { dateStyle: "short", timeZone: "UTC" });
const DAY = 24 * 60 * 60_000;

/** Answers 0 when there are anchors, 1 when the door is closed. */
async function run(positionals: string[]): Promise<number> {
  if (positionals.length > 0) throw new WrongUse();
  using kv = await openStore(readSettings("trust:list"));
  const now = Date.now();
  const state = await describeTrust({ kv, config: { anchors: ICP_BRASIL_ROOTS }, now: () => now });
  for (const { anchor, subject, notAfter } of state.authorities) {
    const note = notAfter < now
      ? "  VENCIDA"
      : state.expiring.some((one) => one.subject === subject && one.notAfter === notAfter)
      ? "  vence em breve"
      : "";
    console.log(`${anchor ? "raiz " : "     "}${date.format(notAfter)}  ${subject}${note}`);
  }
  const roots = state.authorities.filter(({ anchor }) => anchor).length;
  console.log(`\n${roots} raízes, ${state.authorities.length - roots} outras autoridades.`);
  if (state.newest !== null) {
    const days = Math.floor((now - state.newest) / DAY);
    console.log(`Última inclusão em ${date.format(state.newest)} (há ${days} dias).`);
  }
  if (roots > 0) return 0;
  console.log("A entrada com certificado está fechada: use deno task trust:import.");
  return 1;
}

if (import.meta.main) await runCommand({ help: HELP, run });
