import { HttpError } from "fresh";

/** No form of the portal comes near this; a certificate chain in base64 is the largest (bytes). */
const LIMIT = 256 * 1024;
/** The thumbprint of a computer has 43 characters, a ULID 26. */
const LONGEST_ID = 64;

/**
 * Reads a posted form.
 * @throws {HttpError} 413 when it is too large, 400 when it is not a form
 */
export async function readForm(request: Request): Promise<Form> {
  const bytes = await readLimited(request);
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  try {
    return new Form(await new Response(bytes, { headers }).formData());
  } catch {
    throw new HttpError(400);
  }
}

/**
 * Counts what arrives, since a request need not say beforehand how long it is.
 * @throws {HttpError} 413 when it is too large
 */
export async function readLimited(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > LIMIT) throw new HttpError(413);
    chunks.push(chunk as Uint8Array<ArrayBuffer>);
  }
  return await new Blob(chunks).bytes();
}

export class Form {
  readonly #data: FormData;

  constructor(data: FormData) {
    this.#data = data;
  }

  /** A field as typed, "" when missing or a file. */
  text(name: string): string {
    const value = this.#data.get(name);
    return typeof value === "string" ? value : "";
  }

  /** An id; cut when it is longer than any there is, or it would not fit into a key of the store. */
  id(name: string): string {
    return this.text(name).slice(0, LONGEST_ID);
  }

  /** The bytes of an uploaded file; null when none was chosen. */
  async file(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const value = this.#data.get(name);
    return value instanceof File && value.size > 0 ? await value.bytes() : null;
  }

  /** Every value of a field that may be chosen more than once. */
  all(name: string): string[] {
    return this.#data.getAll(name).filter((value) => typeof value === "string");
  }
}
