import { toBase64Url } from "./base64url.ts";

const encoder = new TextEncoder();

/**
 * HMAC-SHA-256 of the parts under the portal's secret, base64url. Codes are stored as this, so that
 * a copy of the store alone does not give them away although they are short.
 */
export async function hmac(secret: string, ...parts: string[]): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  // JSON keeps the borders between the parts: ("a", "bc") and ("ab", "c") must differ.
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(JSON.stringify(parts)));
  return toBase64Url(new Uint8Array(mac));
}

/** Compares two strings without telling by its time where they differ. */
export function timingSafeEqual(a: string, b: string): boolean {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= left[i]! ^ (right[i % right.length] ?? 0);
  return difference === 0;
}
