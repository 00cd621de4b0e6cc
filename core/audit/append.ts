import { encodeHex } from "@std/encoding";
import { newId } from "../ids.ts";
import type { Portal } from "../portal.ts";
import type { Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";

/** One line of the audit log. Holds ids of people, never a CPF, a code or a password. */
export interface AuditRecord {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** What happened, e.g. `request.approved`. */
  event: string;
  /** Who did it: a person's id, `telegram:<user id>` or `system`. */
  actor: string;
  /** What it was done to: the id of a request or person, a CNPJ, a CNES number. */
  subject: string;
  detail: Record<string, string | number | boolean | null>;
  /** Hash of the record before it in the stream; empty for the first. */
  previous: string;
  /** Hash over all the above. */
  hash: string;
}

export interface AuditEntry {
  /** Which chain it belongs to: a CNPJ, a CNES number or `portal`. */
  stream: string;
  event: string;
  actor: string;
  subject: string;
  detail?: AuditRecord["detail"];
}

interface Head {
  sequence: number;
  hash: string;
}

/** Where the streams end that a commit under way has appended to: it does not read its own writes. */
const appended = new WeakMap<Transaction, Map<string, Head>>();

/**
 * Appends to a stream inside the commit of the change it tells of, so that there is neither a change
 * without its record nor the reverse. Costs the commit one check for each stream; what is appended
 * twice is in the order of the calls, which must not overlap.
 */
export async function appendAudit(
  portal: Pick<Portal, "now">,
  tx: Transaction,
  entry: AuditEntry,
): Promise<void> {
  const { stream, event, actor, subject, detail = {} } = entry;
  const heads = appended.get(tx) ?? new Map<string, Head>();
  appended.set(tx, heads);
  const head = heads.get(stream) ?? await tx.get<Head>(keys.auditHead(stream)) ??
    { sequence: 0, hash: "" };
  const at = portal.now();
  const body = { id: newId(at), at, event, actor, subject, detail, previous: head.hash };
  const hash = await chainHash(stream, head.sequence + 1, body);
  const record: AuditRecord = { ...body, hash };
  tx.set(keys.audit(stream, head.sequence + 1), record);
  const next: Head = { sequence: head.sequence + 1, hash };
  tx.set(keys.auditHead(stream), next);
  heads.set(stream, next);
}

/** SHA-256 (hex) over a record's place and content; the content holds the hash before it. */
export async function chainHash(
  stream: string,
  sequence: number,
  body: Omit<AuditRecord, "hash">,
): Promise<string> {
  const { id, at, event, actor, subject, detail, previous } = body;
  const sorted = Object.entries(detail).sort(([a], [b]) => a < b ? -1 : 1);
  const text = JSON.stringify([stream, sequence, id, at, event, actor, subject, sorted, previous]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return encodeHex(new Uint8Array(digest));
}
