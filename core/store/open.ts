import { join } from "@std/path";
import { ConfigError, type StoreSettings } from "../config/mod.ts";
import { checkRestored } from "./backup/unfinished.ts";

/** The file of the store in its folder. */
export const STORE_FILE = "habilita.sqlite3";

/**
 * Opens the one store of the portal: the one at the address `HABILITA_KV` (KV Connect; the runtime
 * itself reads the token from `DENO_KV_ACCESS_TOKEN`); on Deno Deploy the managed one; else a SQLite
 * file (`STORE_FILE`) in the folder `HABILITA_DATA` (created when missing).
 *
 * @param where the settings, or only a folder
 * @param options.unfinished also a store whose restore was interrupted: only the restore may
 * @throws {ConfigError} when nothing can be kept in the folder, or its restore was interrupted
 */
export async function openStore(
  where: StoreSettings | string,
  { unfinished = false }: { unfinished?: boolean } = {},
): Promise<Deno.Kv> {
  const kv = await open(where);
  try {
    if (!unfinished) await checkRestored(kv);
    return kv;
  } catch (error) {
    kv.close();
    throw error;
  }
}

async function open(where: StoreSettings | string): Promise<Deno.Kv> {
  if (typeof where === "string") return await openFolder(where);
  if (where.HABILITA_KV !== null) return await Deno.openKv(where.HABILITA_KV);
  if (where.DENO_DEPLOYMENT_ID !== null) return await Deno.openKv();
  return await openFolder(where.HABILITA_DATA);
}

async function openFolder(data: string): Promise<Deno.Kv> {
  try {
    await Deno.mkdir(data, { recursive: true });
    return await Deno.openKv(join(data, STORE_FILE));
  } catch (cause) {
    const isFile = (await Deno.stat(data).catch(() => null))?.isFile;
    const why = cause instanceof Error ? ` (${cause.message.split("\n", 1)[0]})` : "";
    const reason = isFile
      ? "é um arquivo, e deve ser uma pasta"
      : `o banco não abre ou nada pode ser guardado ali${why}`;
    throw new ConfigError(`HABILITA_DATA não serve: ${data}: ${reason}.`, { cause });
  }
}
