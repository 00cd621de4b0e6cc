import { createHash, type Hash } from "node:crypto";
import { newId } from "../../ids.ts";
import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { Edition } from "../../store/records/registry.ts";
import { counted } from "../counted.ts";
import { cnes as registry } from "../edition.ts";
import { currentCnesEdition } from "../establishment.ts";
import { establishmentEntries } from "../establishment_entries.ts";
import type { CnesCode } from "../messages.ts";
import {
  beginStaging,
  endStaging,
  removeLeftovers,
  type RowEntries,
  stageRows,
  switchEdition,
} from "../staging.ts";
import { type Municipios, readMunicipios } from "./municipios.ts";
import { readCnes } from "./read.ts";

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
  portal: Pick<Portal, "kv" | "now">,
  files: CnesFiles,
  { onProgress }: { onProgress?: (progress: CnesProgress) => Promise<void> | void } = {},
): Promise<Result<CnesReport, CnesCode>> {
  const names = files.municipios ? await readMunicipios(await files.municipios()) : null;
  if (names && !names.ok) return names;
  const municipios: Municipios = names?.data ?? new Map();

  const hash = createHash("sha256").update(SHAPE + JSON.stringify([...municipios]));
  const source = await files.establishments();
  const checked = counted(
    hashed(source, hash),
    (bytes) => onProgress?.({ phase: "check", bytes }),
  );
  const counts = { rows: 0, active: 0, invalidNumbers: 0 };
  for await (const item of readCnes(checked, municipios)) {
    if (!item.ok) return item;
    counts.rows++;
    counts.invalidNumbers += item.data.invalidNumbers;
    if (item.data.row.active) counts.active++;
  }
  const digest = hash.digest("hex");

  const edition = newId(portal.now());
  await beginStaging(portal, registry, edition);
  const before = await currentCnesEdition(portal);
  const unchanged = before?.digest === digest;
  if (!unchanged) {
    const next = { id: edition, rows: counts.rows, importedAt: portal.now(), digest };
    const stored = await store(portal, files, municipios, next, onProgress);
    if (!stored.ok) return stored;
  } else if (!await endStaging(portal, registry, edition)) {
    return refuse("cnes_superseded");
  }
  await onProgress?.({ phase: "remove" });
  await removeLeftovers(portal, registry);
  return accept({ edition: unchanged ? before.id : edition, ...counts, unchanged });
}

/** Writes the edition and lets it answer, if the file still is the one that was checked. */
async function store(
  portal: Pick<Portal, "kv">,
  files: CnesFiles,
  municipios: Municipios,
  edition: Edition,
  onProgress?: (progress: CnesProgress) => Promise<void> | void,
): Promise<Result<null, CnesCode>> {
  const hash = createHash("sha256").update(SHAPE + JSON.stringify([...municipios]));
  let sound = true;
  let bytes = 0;
  const read = counted(
    hashed(await files.establishments(), hash),
    (count) => void (bytes = count),
  );
  async function* entries(): AsyncGenerator<RowEntries, void, void> {
    for await (const item of readCnes(read, municipios)) {
      if (!item.ok) return void (sound = false);
      yield establishmentEntries(edition.id, item.data.row);
    }
  }
  const staged = await stageRows(
    portal,
    registry,
    edition.id,
    entries(),
    () => onProgress?.({ phase: "store", bytes }),
  );
  if (!staged) return refuse("cnes_superseded");
  await onProgress?.({ phase: "store", bytes });
  if (!sound || hash.digest("hex") !== edition.digest) {
    if (await endStaging(portal, registry, edition.id)) await removeLeftovers(portal, registry);
    return refuse("cnes_file_changed");
  }
  const switched = await switchEdition(portal, registry, edition);
  return switched ? accept(null) : refuse("cnes_superseded");
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash) {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
