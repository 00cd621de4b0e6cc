import { ulid } from "@std/ulid";
import { toBase64Url } from "./base64url.ts";

/** A ULID for `now` (milliseconds since the epoch): 26 characters, sorts by time of creation. */
export function newId(now: number): string {
  return ulid(now);
}

/** `bytes` random bytes (128 bits unless told) as base64url without padding. */
export function randomToken(bytes = 16): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}
