import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readLimited } from "./form.ts";

/**
 * The value in a request's body, or undefined when it is not JSON.
 * @throws {HttpError} 413 when it is too large
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const bytes = await readLimited(request);
  if (type !== "application/json") return undefined;
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
