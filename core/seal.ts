import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { hmac, timingSafeEqual } from "./hmac.ts";

/**
 * A value given out under the portal's seal, so that nothing has to be stored until it comes back. Not
 * encrypted: whoever has it can read it.
 *
 * @param use one name in the whole portal: what is sealed for one use is nothing for another
 * @param value anything that JSON can hold
 * @returns two parts of base64url with a point between them
 */
export async function seal(secret: string, use: string, value: unknown): Promise<string> {
  const text = toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  return `${text}.${await hmac(secret, "seal", use, text)}`;
}

/** The value that `seal` was given; null when this portal has not sealed it for that use. */
export async function unseal<T>(secret: string, use: string, sealed: string): Promise<T | null> {
  const [text = "", mac = "", ...rest] = sealed.split(".");
  if (rest.length > 0 || !timingSafeEqual(mac, await hmac(secret, "seal", use, text))) return null;
  return JSON.parse(new TextDecoder().decode(fromBase64Url(text)!)) as T;
}
