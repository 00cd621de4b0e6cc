import { fromBase64Url, toBase64Url } from "./base64url.ts";
import type { Config } from "./config/mod.ts";
import { open, type Purpose, seal } from "./secrets.ts";

/** Bytes of the initialisation vector, which stands first. */
const IV = 12;

/**
 * A value given out under the portal's seal, so that nothing has to be stored until it comes back. Nobody
 * else can read, make or change it.
 *
 * @param purpose what is sealed for one is nothing for another
 * @param value anything that JSON can hold
 * @returns base64url
 */
export function sealValue(
  config: Pick<Config, "secrets">,
  purpose: Purpose,
  value: unknown,
): string {
  const { iv, data } = seal(config, purpose, purpose, encoder.encode(JSON.stringify(value)));
  const bytes = new Uint8Array(IV + data.length);
  bytes.set(iv);
  bytes.set(data, IV);
  return toBase64Url(bytes);
}

/** The value that `sealValue` was given; null when this portal has not sealed it for that purpose. */
export function openValue<T>(
  config: Pick<Config, "secrets">,
  purpose: Purpose,
  sealed: string,
): T | null {
  const bytes = fromBase64Url(sealed);
  if (!bytes || bytes.length <= IV) return null;
  const parts = { iv: bytes.slice(0, IV), data: bytes.slice(IV) };
  const opened = open(config, purpose, purpose, parts);
  return opened && JSON.parse(new TextDecoder().decode(opened)) as T;
}

const encoder = new TextEncoder();
