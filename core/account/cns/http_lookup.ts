import type { CnsConfig } from "../../config/mod.ts";
import type { CnsAnswer, CnsLookup } from "./lookup.ts";
import { CNS_QUALITIES } from "./person_cns.ts";

/** Connecting, waiting and reading together. */
const TIMEOUT_MS = 5_000;
/** An answer has two short fields. */
const MAX_BYTES = 4 * 1024;

/**
 * A register over HTTP: POST of `{cpf, cns, nome}` as JSON with a bearer token, answered by
 * `{"qualidade": "alta" | "baixa" | "desconhecida", "consultadoEm": ISO 8601}`, or by 404 when the
 * register does not know the number as this person's. Nothing of the person is in the address.
 */
export function createHttpLookup({ url, token }: CnsConfig): CnsLookup {
  return async (cpf, cns, name) => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Accept": "application/json",
        "Authorization": `Bearer ${token}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ cpf, cns, nome: name }),
      // The data of a person goes to the configured address and nowhere else.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw new Error(`the register answered ${response.status}`);
    }
    return readAnswer(await readLimited(response));
  };
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
