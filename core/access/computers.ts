import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { ComputerRecord, ComputerRequest } from "../store/records/access.ts";
import type { Transaction } from "../store/transact.ts";

/** Writes an approved computer inside a commit, in the place of the one it replaces. */
export function putComputer(tx: Transaction, request: ComputerRequest, by: string): void {
  const { cnes, cpf, computer: { thumbprint, label, place, replaces }, decidedAt } = request;
  const record: ComputerRecord = {
    thumbprint,
    cnes,
    cpf,
    label,
    place,
    since: decidedAt ?? request.createdAt,
    by,
  };
  if (replaces) tx.delete(keys.computer(cnes, cpf, replaces.thumbprint));
  tx.set(keys.computer(cnes, cpf, thumbprint), record);
}

export async function getComputer(
  deps: Deps,
  cnes: string,
  cpf: string,
  thumbprint: string,
): Promise<ComputerRecord | null> {
  return await read(deps.kv, keys.computer(cnes, cpf, thumbprint));
}

/** A person's approved computers at an establishment, 100 at most. */
export async function listComputersOf(
  deps: Deps,
  cnes: string,
  cpf: string,
): Promise<ComputerRecord[]> {
  const entries = list(deps.kv, keys.computer.under(cnes, cpf), { limit: 100 });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/**
 * Everybody's approved computers at an establishment, by person; `after` is `<cpf> <thumbprint>` of
 * the last one of the page before.
 */
export async function listComputersAt(
  deps: Deps,
  cnes: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<ComputerRecord[]> {
  const [cpf, thumbprint] = after.split(" ");
  const start = thumbprint === undefined ? undefined : [cpf!, `${thumbprint}\0`];
  const entries = list(deps.kv, keys.computer.under(cnes), { start, limit });
  return await Array.fromAsync(entries, ({ value }) => value);
}
