import type { CnsConfig } from "../config/mod.ts";
import type { CnsQuality } from "../store/records/account.ts";

/** Quality of a registration in the national health card, as the ministry grades it. */
const CNS_QUALITIES = ["alta", "baixa", "desconhecida"] as const satisfies readonly CnsQuality[];

/** What a register of the national health card says of a number. */
export interface CnsAnswer {
  quality: CnsQuality;
  /** When the register said so (milliseconds since the epoch). */
  at: number;
}

/** Connecting, waiting and reading together. */
const TIMEOUT_MS = 5_000;
/** An answer has two short fields. */
const MAX_BYTES = 4 * 1024;

/**
 * Asks the register about a number (15 digits) and whose it is said to be: POST of
 * `{cpf, cns, nome}` as JSON with a bearer token, answered by
 * `{"qualidade": "alta" | "baixa" | "desconhecida", "consultadoEm": ISO 8601}`, or by 404 when the
 * register does not know the three together. Nothing of the person is in the address.
 *
 * @param config without a register there is no question, and nothing is known
 * @returns null when the register does not know the three together
 * @throws when the register does not answer, or with something else
 */
export async function lookUpCns(
  config: CnsConfig | null,
  cpf: string,
  cns: string,
  name: string,
): Promise<CnsAnswer | null> {
  if (!config) return null;
  const response = await fetch(config.url, {
    method: "POST",
    headers: {
      "Accept": "application/json",
      "Authorization": `Bearer ${config.token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ cpf, cns, nome: name }),
    // The data of a person goes to the configured address and nowhere else.
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 200) return readAnswer(await readLimited(response));
  await response.body?.cancel();
  if (response.status === 404) return null;
  throw new Error(`the register answered ${response.status}`);
}

async function readLimited(response: Response): Promise<unknown> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error("the register's answer is too large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(await new Blob(chunks).text());
  } catch {
    // The runtime's own words quote the text, in which the person may be named; they would be logged.
    throw new Error("the register's answer is no JSON");
  }
}

function readAnswer(body: unknown): CnsAnswer {
  const { qualidade, consultadoEm } = (body ?? {}) as Record<string, unknown>;
  const quality = CNS_QUALITIES.find((one) => one === qualidade);
  const at = typeof consultadoEm === "string" ? Date.parse(consultadoEm) : NaN;
  if (!quality || Number.isNaN(at)) throw new Error("the register's answer makes no sense");
  return { quality, at };
}
