import { accept, refuse, type Result } from "../result.ts";

/** RFC 7523, 2.2. */
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** By what a target system says which one it is, as it came. */
export type ClientCredentials =
  | { kind: "none" }
  | { kind: "secret"; id: string; secret: string }
  /** `id` is "" when only the assertion says who it is of. */
  | { kind: "assertion"; id: string; assertion: string };

/**
 * Reads the credential of a request: `private_key_jwt`, `client_secret_basic` or
 * `client_secret_post`. What it is worth is for `authenticateClient` to say.
 *
 * @param authorization the header of that name
 * @param field what a field of the form holds, "" when there is none
 * @returns refused when there is more than one credential, or one that is not whole (RFC 6749, 2.3)
 */
export function readClientCredentials(
  authorization: string | null,
  field: (name: string) => string,
): Result<ClientCredentials, "invalid_request"> {
  const [id, secret] = [field("client_id"), field("client_secret")];
  const [assertion, type] = [field("client_assertion"), field("client_assertion_type")];
  const ways = [authorization !== null, secret !== "", assertion !== "" || type !== ""];
  if (ways.filter(Boolean).length > 1) return refuse("invalid_request");
  if (authorization !== null) {
    const basic = readBasic(authorization);
    if (basic && id !== "" && id !== basic.id) return refuse("invalid_request");
    return accept(basic ? { kind: "secret", ...basic } : { kind: "none" });
  }
  if (secret) return id ? accept({ kind: "secret", id, secret }) : refuse("invalid_request");
  if (!assertion && !type) return accept({ kind: "none" });
  return assertion && type === ASSERTION_TYPE
    ? accept({ kind: "assertion", id, assertion })
    : refuse("invalid_request");
}

/** Both halves are form-encoded before they are put together (RFC 6749, 2.3.1). */
function readBasic(authorization: string): { id: string; secret: string } | null {
  const encoded = /^basic +([\w+/]+={0,2}) *$/i.exec(authorization)?.[1];
  try {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(atob(encoded ?? "")) ?? [];
    if (!id || !secret) return null;
    return { id: decodeForm(id), secret: decodeForm(secret) };
  } catch {
    return null;
  }
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
