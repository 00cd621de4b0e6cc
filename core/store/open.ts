import { join } from "@std/path";
import { Overloaded } from "../overloaded.ts";
import { ConfigError, type StoreSettings } from "../config/mod.ts";
import { checkRestored } from "./backup/unfinished.ts";
import { FILE_NAME, rememberFile } from "./file.ts";
import { identify, notThisStore } from "./identity.ts";
import { makePrivate } from "./private.ts";

const NO_ANSWER =
  "O banco não respondeu a tempo: outro processo ocupa o de HABILITA_DATA, ou o de " +
  "HABILITA_KV não se alcança. Confira e tente de novo.";

/** How a store is opened. */
export interface OpenOptions {
  /**
   * Takes an empty store as it is, whatever `HABILITA_STORE_ID` says, and gives it no identity: for what
   * fills it from a backup, whose identity it then has.
   */
  toBeFilled?: boolean;
}

/**
 * Opens the one store of the portal: the one at the address `HABILITA_KV` (KV Connect; the runtime
 * itself reads the token from `DENO_KV_ACCESS_TOKEN`); on Deno Deploy the managed one; else a SQLite
 * file `habilita.sqlite3` in the folder `HABILITA_DATA` (created when missing, and closed to other
 * users of the machine).
 *
 * A store without an identity gets one, and the error output says which. With `HABILITA_STORE_ID` only
 * that store is opened; where there is none, none is made.
 *
 * @param where the settings, or only a folder
 * @throws {ConfigError} when nothing can be kept in the folder, when it is not the store that
 * `HABILITA_STORE_ID` names, or when it is not reached or does not answer
 */
export async function openStore(
  where: StoreSettings | string,
  { toBeFilled = false }: OpenOptions = {},
): Promise<Deno.Kv> {
  const settings = typeof where === "string" ? null : where;
  const expected = toBeFilled ? null : settings?.HABILITA_STORE_ID ?? null;
  const folder = folderOf(where);
  if (folder !== null && expected !== null) await assertThere(folder, expected);
  const path = folder === null ? null : join(folder, FILE_NAME);
  const kv = folder === null
    ? await openElsewhere(settings?.HABILITA_KV ?? undefined)
    : await openFolder(folder);
  try {
    if (!toBeFilled) {
      await checkRestored(kv);
      const { identity, isNew } = await identify(kv, expected);
      if (isNew && settings) {
        console.error(
          `O banco recebeu a identidade ${identity.id}. Guarde-a em HABILITA_STORE_ID, para ` +
            "que o portal nunca comece com outro banco.",
        );
      }
    }
    if (path !== null) await rememberFile(kv, path);
    return kv;
  } catch (error) {
    // Closing would wait for what it did not wait for: a store over the network is asked without an end, and
    // a file for as long as another process has it locked.
    if (error instanceof Overloaded) throw new ConfigError(NO_ANSWER, { cause: error });
    kv.close();
    throw error;
  }
}

/** Null when the store is not in a folder of this machine. */
function folderOf(where: StoreSettings | string): string | null {
  if (typeof where === "string") return where;
  if (where.HABILITA_KV !== null || where.DENO_DEPLOYMENT_ID !== null) return null;
  return where.HABILITA_DATA;
}

/** A wrong folder must not get an empty store by being asked for another one. */
async function assertThere(folder: string, expected: string): Promise<void> {
  const found = await Deno.stat(join(folder, FILE_NAME)).catch(() => null);
  if (!found?.isFile || found.size === 0) throw notThisStore(expected, null);
}

async function openElsewhere(address?: string): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(address);
  } catch (cause) {
    throw new ConfigError(
      `O banco de HABILITA_KV não se alcança${whyOf(cause)}. Confira o endereço, ` +
        "DENO_KV_ACCESS_TOKEN e a rede.",
      { cause },
    );
  }
}

async function openFolder(data: string): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(await makePrivate(data));
  } catch (cause) {
    const isFile = (await Deno.stat(data).catch(() => null))?.isFile;
    const reason = isFile
      ? "é um arquivo, e deve ser uma pasta"
      : `o banco não abre ou nada pode ser guardado ali${whyOf(cause)}`;
    throw new ConfigError(`HABILITA_DATA não serve: ${data}: ${reason}.`, { cause });
  }
}

function whyOf(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message.split("\n", 1)[0]})` : "";
}
