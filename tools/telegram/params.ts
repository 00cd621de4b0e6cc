import { badRequest } from "./model.ts";

/** Parameters of one call, whatever way they came. */
export class Params {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  /** All values as they came, for the record of calls. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value === "string") return value;
    return typeof value === "number" ? String(value) : "";
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === "true" || value === "True" || value === "1";
  }

  integer(name: string): number | undefined {
    const value = this.#values[name];
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    if (typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
    return undefined;
  }

  /** A value with parts; in a form it comes as JSON text. */
  object<T>(name: string): T | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    try {
      const parsed = typeof value === "string" ? JSON.parse(value) : value;
      if (typeof parsed === "object" && parsed !== null) return parsed;
    } catch {
      // falls through to the same refusal as a value of another type
    }
    throw badRequest(`can't parse ${name} as JSON object`);
  }
}

/**
 * Reads the four ways in which the Bot API takes parameters: query string, JSON,
 * `application/x-www-form-urlencoded` and `multipart/form-data`.
 */
export async function readParams(request: Request): Promise<Params> {
  const values: Record<string, unknown> = Object.fromEntries(new URL(request.url).searchParams);
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (request.body === null) return new Params(values);
  try {
    if (type === "application/json") {
      const body = await request.text();
      return new Params({ ...values, ...(body ? JSON.parse(body) : {}) });
    }
    if (type === "application/x-www-form-urlencoded" || type === "multipart/form-data") {
      return new Params({ ...values, ...Object.fromEntries(await request.formData()) });
    }
    await request.body.cancel();
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest("can't parse JSON object");
    throw badRequest("can't read the request body");
  }
  return new Params(values);
}
