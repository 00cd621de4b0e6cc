import { HttpError } from "fresh";
import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { type BodyBounds, readBody } from "./body.ts";

/** The thumbprint of a computer has 43 characters, a ULID 26. */
const LONGEST_ID = 64;

/**
 * Reads a posted form, with its files.
 * @throws {HttpError} 400 when it is not a form, or as `readBody` refuses it: 400, 408, 411, 413
 */
export async function readForm(request: Request, bounds?: BodyBounds): Promise<Form> {
  const bytes = await bytesOf(request, bounds);
  const headers = { "content-type": typeOf(request) };
  try {
    return new Form(await new Response(bytes, { headers }).formData());
  } catch {
    throw new HttpError(400);
  }
}

/**
 * Reads what a script of a page posts.
 * @returns the value, or undefined when it is not JSON or does not say that it is
 * @throws {HttpError} as `readBody` refuses it: 400, 408, 411, 413
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await bytesOf(request);
  if (typeOf(request).split(";")[0]!.trim().toLowerCase() !== "application/json") return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** A refusal for a script: its code, and the message for the person. */
export function refuseJson(refusal: Pick<Refusal, "code" | "detail">, status = 422): Response {
  return Response.json({ code: refusal.code, message: explain(refusal) }, { status });
}

async function bytesOf(request: Request, bounds?: BodyBounds): Promise<Uint8Array<ArrayBuffer>> {
  const body = await readBody(request, bounds);
  if (!body.ok) throw new HttpError(body.status);
  return body.bytes;
}

function typeOf(request: Request): string {
  return request.headers.get("content-type") ?? "";
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

/**
 * The notice that a redirect asked for by `?aviso=name`, null when there is none of that name. Only
 * the table's own names count: every visitor can write an address.
 */
export function noticeOf(url: URL, notices: Readonly<Record<string, string>>): string | null {
  const name = url.searchParams.get("aviso") ?? "";
  return Object.hasOwn(notices, name) ? notices[name]! : null;
}
