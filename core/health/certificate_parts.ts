import { shortNameText } from "../certificate/name.ts";
import { EXPIRY_WARNING, loadTrust } from "../certificate/trust.ts";
import { tryParseCertificate } from "../certificate/x509.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { CrlRecord } from "../store/records/certificate.ts";
import { type Finding, HOUR, type Part } from "./part.ts";

/** Names shown; the others are counted. */
const NAMED = 5;

async function lookAtTrust(deps: Deps): Promise<Finding> {
  // The copy that logins use: anybody may ask, and it must not read the whole store each time.
  const { anchors, intermediates } = await loadTrust(deps);
  const todo = "Importe as autoridades atuais com deno task trust:import.";
  if (anchors.length === 0) {
    return {
      state: "failing",
      text: "Nenhuma raiz: a entrada com certificado está fechada.",
      todo,
    };
  }
  const authorities = [...anchors, ...intermediates];
  const limit = deps.now() + EXPIRY_WARNING;
  const expiring = authorities.filter(({ notAfter }) => notAfter < limit);
  if (expiring.length === 0) {
    const detail = `${authorities.length} autoridades.`;
    return { state: "ok", text: "As autoridades estão carregadas.", detail };
  }
  return {
    state: "warning",
    since: Math.min(...expiring.map(({ notAfter }) => notAfter)) - EXPIRY_WARNING,
    text: "Há autoridades vencidas ou a vencer em 60 dias.",
    todo,
    detail: `${expiring.length} de ${authorities.length}: ` +
      `${names(expiring.map(({ subject }) => shortNameText(subject)))}.`,
  };
}

/** A list that is not renewed by then (ms before its end) is late: three attempts have failed. */
const LATE = 30 * 60_000;
/** As many as authorities could be in use. */
const LISTS = 500;

async function lookAtCrls(deps: Deps): Promise<Finding> {
  if (deps.config.crl.revocation === "off") return { state: "ok", text: "Não são consultadas." };
  const entries = list(deps.kv, keys.crl.under(), { limit: LISTS, batchSize: LISTS });
  const lists = await Array.fromAsync(entries, ({ value }) => value);
  const late = lists.filter(({ nextUpdate }) => nextUpdate - LATE < deps.now());
  if (late.length === 0) {
    const detail = `${lists.length} listas.`;
    return { state: "ok", text: "As listas em uso estão em dia.", detail };
  }
  const ends = Math.min(...late.map(({ nextUpdate }) => nextUpdate));
  const closed = ends + deps.config.crl.staleHours * HOUR < deps.now();
  return {
    state: closed ? "failing" : "warning",
    since: closed ? ends : ends - LATE,
    text: closed
      ? "Há listas vencidas: certificados dessas autoridades não entram."
      : "Há listas que não puderam ser renovadas.",
    todo: "Confira se o portal chega às autoridades pelas portas 80 e 443; enquanto isso, " +
      "HABILITA_STALE_CRL_HOURS deixa valer a última lista por mais tempo.",
    detail: `${late.length} de ${lists.length}: ${names(late.map(issuerOf))}.`,
  };
}

function issuerOf({ issuer }: CrlRecord): string {
  const certificate = tryParseCertificate(issuer);
  return certificate ? shortNameText(certificate.subject) : "sem nome";
}

function names(all: string[]): string {
  const more = all.length > NAMED ? ` e mais ${all.length - NAMED}` : "";
  return all.slice(0, NAMED).join(", ") + more;
}

export const certificateParts: readonly Part[] = [
  { id: "trust", name: "Autoridades da ICP-Brasil", look: lookAtTrust },
  { id: "crl", name: "Listas de certificados revogados", look: lookAtCrls },
];
