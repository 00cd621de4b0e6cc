import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { renderCadop } from "@/tools/sample/registry_csv.ts";
import { type RunningPortal, runTask } from "../support/portal.ts";
import type { Operadora } from "@/core/store/records/registry.ts";

/** Password of the files that `makeCertificate` makes. */
export const FILE_PASSWORD = "açúcar";

/** Imports an edition of CADOP beside the running server, as the operator of the portal does. */
export async function importEdition(
  portal: RunningPortal,
  edition: Iterable<Operadora>,
): Promise<string> {
  const file = join(portal.data, "Relatorio_cadop.csv");
  await Deno.writeTextFile(file, renderCadop(edition));
  const { code, output } = await runTask(portal, "import:cadop", file);
  assertEquals(code, 0, output);
  return output;
}

export interface CertificateWish {
  cnpj: string;
  person: { name: string; cpf: string };
  /** That of CADOP unless told. */
  company?: string;
  /** Of validity, from today; 365 unless told. */
  days?: number;
}

let made = 0;

/** A company's certificate, made as a developer makes one. */
export async function makeCertificate(
  portal: RunningPortal,
  { cnpj, person, company, days = 365 }: CertificateWish,
): Promise<string> {
  const file = join(portal.data, `certificado-${++made}.pfx`);
  const { code, output } = await runTask(
    portal,
    "dev:cert",
    ...["--cnpj", cnpj, "--nome", person.name, "--cpf", person.cpf, `--dias=${days}`],
    ...(company ? ["--razao", company] : []),
    ...["--senha", FILE_PASSWORD, "--out", file],
  );
  assertEquals(code, 0, output);
  return file;
}
