import { join } from "@std/path";

/**
 * Opens the one store of the portal: the one at the address `HABILITA_KV` (KV Connect; the token is
 * in `DENO_KV_ACCESS_TOKEN`), for imports into a store elsewhere; on Deno Deploy the managed one;
 * else a SQLite file `habilita.sqlite3` in the folder `data` (created when missing).
 */
export async function openStore(data: string): Promise<Deno.Kv> {
  const remote = Deno.env.get("HABILITA_KV");
  if (remote) return await Deno.openKv(remote);
  if (Deno.env.get("DENO_DEPLOYMENT_ID")) return await Deno.openKv();
  await Deno.mkdir(data, { recursive: true });
  return await Deno.openKv(join(data, "habilita.sqlite3"));
}
