import { describeTrust } from "../../core/certificate/trust.ts";
import { ICP_BRASIL_ROOTS } from "../../core/config.ts";
import { openStore } from "../../core/store/open.ts";

const HELP = `Mostra as autoridades certificadoras em que o portal confia.

Uso: deno task trust:list

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

const date = new Intl.DateTimeFormat("pt-BR", { dateStyle: "short", timeZone: "UTC" });
const DAY = 24 * 60 * 60_000;

/** Runs the command and answers its exit code: 0 there are anchors, 1 the door is closed. */
async function main(args: string[]): Promise<number> {
  if (args.length > 0) {
    console.log(HELP);
    return args[0] === "--help" || args[0] === "-h" ? 0 : 2;
  }
  using kv = await openStore(Deno.env.get("HABILITA_DATA") || ".data");
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

if (import.meta.main) Deno.exit(await main(Deno.args));
