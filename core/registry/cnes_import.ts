import { createHash } from "node:crypto";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { readCnes, readMunicipios } from "./cnes.ts";
import { cnes, type RowEntries } from "./edition.ts";
import { establishmentEntries } from "./establishment.ts";
import { counted, importEdition } from "./import.ts";
import type { CnesCode } from "./messages.ts";

/** How far an import is: bytes of the file checked, bytes of it stored, then the clearing up. */
export type CnesProgress =
  | { phase: "check" | "store"; bytes: number }
  | { phase: "remove" };

/** The files of the open data. Each is opened anew for every time that it is read. */
export interface CnesFiles {
  establishments: () => Promise<AsyncIterable<Uint8Array>>;
  /** `tbMunicipio….csv`; without it establishments have no name of a municipality. */
  municipios?: () => Promise<AsyncIterable<Uint8Array>>;
}

export interface CnesReport {
  /** Id of the edition that answers after the import. */
  edition: string;
  rows: number;
  /** Rows of establishments that are not deactivated. */
  active: number;
  /** CNPJs and CPFs that are none; they were taken for missing. */
  invalidNumbers: number;
  /** True when these very files are what answers already: nothing was written. */
  unchanged: boolean;
}

/** Counted up when more or other columns are read, so that the same file is then read again. */
const SHAPE = "1";

/**
 * Puts the edition of the CNES in `files` in the place of the current one, whole or not at all. The
 * file is read twice: checked from the first row to the last before anything is written, then
 * written beside the current edition. One commit lets the new one answer; the old one is removed
 * afterwards. An import that died is started again from the beginning by running it again.
 *
 * @throws what reading the files throws; the edition that answered still does
 */
export async function importCnes(
  deps: Pick<Deps, "kv" | "now">,
  files: CnesFiles,
  { onProgress }: { onProgress?: (progress: CnesProgress) => Promise<void> | void } = {},
): Promise<Result<CnesReport, CnesCode>> {
  const names = files.municipios ? await readMunicipios(await files.municipios()) : null;
  if (names && !names.ok) return names;
  const municipios = names?.data ?? new Map<string, string>();

  /** Reads the file from its beginning; `digest` is that of what has been read. */
  async function read(onBytes: (bytes: number) => Promise<void> | void) {
    const hash = createHash("sha256").update(SHAPE + JSON.stringify([...municipios]));
    const bytes = counted(await files.establishments(), (count, chunk) => {
      hash.update(chunk);
      return onBytes(count);
    });
    return { rows: readCnes(bytes, municipios), digest: () => hash.digest("hex") };
  }

  const counts = { rows: 0, active: 0, invalidNumbers: 0 };
  const first = await read((bytes) => onProgress?.({ phase: "check", bytes }));
  for await (const item of first.rows) {
    if (!item.ok) return item;
    counts.rows++;
    counts.invalidNumbers += item.data.invalidNumbers;
    if (item.data.row.active) counts.active++;
  }
  const digest = first.digest();

  let second: string | null = null;
  let bytes = 0;
  const onStored = () => onProgress?.({ phase: "store", bytes });
  async function* entries(edition: string): AsyncGenerator<RowEntries, void, void> {
    const { rows, digest } = await read((count) => void (bytes = count));
    for await (const item of rows) {
      if (!item.ok) return;
      yield establishmentEntries(edition, item.data.row);
    }
    second = digest();
  }
  const imported = await importEdition(deps, {
    registry: cnes,
    facts: { rows: counts.rows, digest },
    isSame: (current) => current?.digest === digest,
    entries,
    onStored,
    async isSound() {
      await onStored();
      return second === digest;
    },
    onRemove: () => onProgress?.({ phase: "remove" }),
  });
  return imported.ok ? accept({ ...imported.data, ...counts }) : refuse(`cnes_${imported.code}`);
}
