import { keys } from "../store/keys.ts";
import type { CnesRow } from "../store/records/registry.ts";
import type { RowEntries } from "./staging.ts";

/** What an establishment puts into the store under an edition: its row, and an index by its CNPJs. */
export function establishmentEntries(edition: string, row: CnesRow): RowEntries {
  const { cnes, cnpj, cnpjMantenedora } = row;
  const cnpjs = new Set([cnpj, cnpjMantenedora].filter((one) => one !== null));
  return [
    { key: keys.establishment(edition, cnes), value: row },
    ...[...cnpjs].map((one) => ({
      key: keys.establishmentByCnpj(edition, one, cnes),
      value: true,
    })),
  ];
}
