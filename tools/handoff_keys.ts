/** `deno task handoff:keys`: the keys that sign hand-offs, for the operator of the portal. */
import { currentOf, forgetKeys, listKeys, publishedOf } from "../core/handoff/signing_keys.ts";
import { readSettings } from "../core/config/mod.ts";
import { openStore } from "../core/store/open.ts";
import type { KeyRotation } from "../core/store/records/handoff.ts";
import { runCommand, WrongUse } from "./command.ts";

const HELP = `Chaves com que o portal assina a passagem a outros sistemas.

Uso: deno task handoff:keys list
     deno task handoff:keys forget

As chaves nascem e são trocadas sozinhas. "forget" acaba com todas de uma vez, se alguém pode ter
copiado alguma: troque antes HABILITA_SECRET. A próxima chave é criada quando for necessária.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Answers 0: done. */
async function run([command, ...others]: string[]): Promise<number> {
  if (others.length > 0 || (command !== "list" && command !== "forget")) throw new WrongUse();
  using kv = await openStore(readSettings("handoff:keys"));
  if (command === "list") {
    console.log(describe(await listKeys({ kv }), Date.now()));
  } else {
    const { length } = await forgetKeys({ kv, now: Date.now });
    console.log(`Chaves esquecidas: ${length}`);
  }
  return 0;
}

/** One line a key, with what it is for now. */
function describe(ring: KeyRotation, now: number): string {
  if (ring.length === 0) return "Nenhuma chave ainda.";
  const current = currentOf(ring, now);
  return publishedOf(ring, now).map(({ kid, signsFrom }) => {
    const use = kid === current?.kid ? "atual" : signsFrom > now ? "próxima" : "aposentada";
    return `${kid}  ${use}, assina desde ${new Date(signsFrom).toISOString()}`;
  }).join("\n");
}

if (import.meta.main) await runCommand({ help: HELP, run });
