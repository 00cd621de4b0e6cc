import { ulid } from "@std/ulid";

/** A ULID for `now` (milliseconds since the epoch): 26 characters, sorts by time of creation. */
export function newId(now: number): string {
  return ulid(now);
}

/** `bytes` random bytes (128 bits unless told) as base64url without padding. */
export function randomToken(bytes = 16): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
