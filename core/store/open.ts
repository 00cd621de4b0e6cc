import { join } from "@std/path";

/**
 * Opens the one store of the portal: the managed one on Deno Deploy, else a SQLite file
 * `habilita.sqlite3` in the folder `data` (created when missing).
 */
export async function openStore(data: string): Promise<Deno.Kv> {
  if (Deno.env.get("DENO_DEPLOYMENT_ID")) return await Deno.openKv();
  await Deno.mkdir(data, { recursive: true });
  return await Deno.openKv(join(data, "habilita.sqlite3"));
}
