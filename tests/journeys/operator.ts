import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Operadora } from "@/core/store/records/registry.ts";
import { renderCadop } from "@/tools/sample/registry_csv.ts";
import { runTask } from "@/tools/task_testing.ts";
import type { RunningPortal } from "../support/portal.ts";
import type { JourneyPerson } from "./people.ts";

/** Password of the files that `makeCertificate` makes. */
export const FILE_PASSWORD = "açúcar";

/** Imports an edition of CADOP beside the running server, as the operator of the portal does. */
export async function importEdition({ data }: RunningPortal, edition: Iterable<Operadora>) {
  const file = join(data, "Relatorio_cadop.csv");
  await Deno.writeTextFile(file, renderCadop(edition));
  return await run(data, "import:cadop", file);
}

/** Further options of `deno task dev:cert`. */
type Wish = { cnpj: string; razao?: string; dias?: number };

/** A company's certificate with this person in it, made as a developer makes one. */
export async function makeCertificate({ data }: RunningPortal, person: JourneyPerson, wish: Wish) {
  const out = await Deno.makeTempFile({ dir: data, suffix: ".pfx" });
  const { name: nome, cpf } = person;
  const options = Object.entries({ ...wish, nome, cpf, senha: FILE_PASSWORD, out });
  await run(data, "dev:cert", ...options.map(([name, value]) => `--${name}=${value}`));
  return out;
}

async function run(data: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runTask({ HABILITA_DATA: data }, ...args);
  assertEquals(code, 0, stderr);
  return stdout;
}
