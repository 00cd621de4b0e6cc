import { encodeHex } from "@std/encoding";
import { newId } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { AuditHead, AuditRecord } from "../store/records/audit.ts";
import type { Transaction } from "../store/transact.ts";

export interface AuditEntry {
  /** Which chain it belongs to: a CNPJ, a CNES number or `portal`. */
  stream: string;
  event: string;
  actor: string;
  subject: string;
  detail?: AuditRecord["detail"];
}

/** Where the streams end that a commit under way has appended to: it does not read its own writes. */
const appended = new WeakMap<Transaction, Map<string, AuditHead>>();

/**
 * Appends to a stream inside the commit of the change it tells of, so that there is neither a change
 * without its record nor the reverse. Costs the commit one check for each stream; what is appended
 * twice is in the order of the calls, which must not overlap.
 */
export async function appendAudit(
  deps: Pick<Deps, "now">,
  tx: Transaction,
  entry: AuditEntry,
): Promise<void> {
  const { stream, event, actor, subject, detail = {} } = entry;
  const heads = appended.get(tx) ?? new Map<string, AuditHead>();
  appended.set(tx, heads);
  const head = heads.get(stream) ?? await tx.get(keys.auditHead(stream)) ??
    { sequence: 0, hash: "" };
  const at = deps.now();
  const body = { id: newId(at), at, event, actor, subject, detail, previous: head.hash };
  const hash = await chainHash(stream, head.sequence + 1, body);
  const record: AuditRecord = { ...body, hash };
  tx.set(keys.audit(stream, head.sequence + 1), record);
  const next: AuditHead = { sequence: head.sequence + 1, hash };
  tx.set(keys.auditHead(stream), next);
  heads.set(stream, next);
}

/** Appends what has become of a person's own account, by what they did themselves. */
export function auditOwn(
  deps: Pick<Deps, "now">,
  tx: Transaction,
  { id }: { id: string },
  event: string,
  detail?: AuditEntry["detail"],
): Promise<void> {
  return appendAudit(deps, tx, { stream: "portal", event, actor: id, subject: id, detail });
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
