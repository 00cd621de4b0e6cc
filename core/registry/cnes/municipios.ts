import { accept, type Result } from "../../result.ts";
import type { CnesCode } from "../messages.ts";
import { readTable } from "../table.ts";
import type { TableLayout } from "../table_columns.ts";

/** Names of municipalities by the 6 digits of their code; about 5,600. */
export type Municipios = ReadonlyMap<string, string>;

const layout: TableLayout<"code" | "name", "municipios"> = {
  prefix: "municipios",
  titles: { code: "CO_MUNICIPIO", name: "NO_MUNICIPIO" },
  marks: ["code", "name"],
};

/** Reads `tbMunicipio….csv`, which stands beside the table of establishments in the open data. */
export async function readMunicipios(
  bytes: AsyncIterable<Uint8Array>,
): Promise<Result<Municipios, CnesCode>> {
  const names = new Map<string, string>();
  for await (const row of readTable(bytes, layout)) {
    if (!row.ok) return row;
    const damage = row.data.checkNumber("code");
    if (damage) return damage;
    names.set(municipioCode(row.data.text("code")), row.data.text("name"));
  }
  return accept(names);
}

/** The code without the check digit that some tables add as the seventh. */
export function municipioCode(text: string): string {
  return text.slice(0, 6);
}
