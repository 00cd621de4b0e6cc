import type { Portal } from "../portal.ts";
import type { Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";
import type { ComputerRequest } from "./requests/request.ts";

/** A computer on which a person may use their profile at an establishment. */
export interface ComputerRecord {
  /** Of the key in its browser: SHA-256 as in RFC 7638, base64url. */
  thumbprint: string;
  cnes: string;
  cpf: string;
  /** Asset tag and place, as typed by who asked. */
  label: string;
  place: string;
  since: number;
  /** Id of the person who approved it. */
  by: string;
}

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
  portal: Portal,
  cnes: string,
  cpf: string,
  thumbprint: string,
): Promise<ComputerRecord | null> {
  return (await portal.kv.get<ComputerRecord>(keys.computer(cnes, cpf, thumbprint))).value;
}

/** A person's approved computers at an establishment. */
export function listComputersOf(
  portal: Portal,
  cnes: string,
  cpf: string,
): Promise<ComputerRecord[]> {
  return list(portal, keys.computersOf(cnes, cpf), 100, "");
}

/**
 * Everybody's approved computers at an establishment, by person; `after` is `<cpf> <thumbprint>` of
 * the last one of the page before.
 */
export function listComputersAt(
  portal: Portal,
  cnes: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<ComputerRecord[]> {
  return list(portal, keys.computersAt(cnes), limit, after);
}

async function list(
  portal: Portal,
  prefix: Deno.KvKey,
  limit: number,
  after: string,
): Promise<ComputerRecord[]> {
  const [cpf, thumbprint] = after.split(" ");
  const start = thumbprint === undefined ? [...prefix, ""] : [...prefix, cpf!, `${thumbprint}\0`];
  const entries = portal.kv.list<ComputerRecord>({ prefix, start }, { limit });
  return (await Array.fromAsync(entries)).map(({ value }) => value);
}
