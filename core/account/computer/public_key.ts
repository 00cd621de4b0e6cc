import { fromBase64Url } from "../../base64url.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { ComputerCode } from "./messages.ts";
import type { ComputerJwk } from "./thumbprint.ts";

/** NIST SP 800-186, 3.2.1.3: y² = x³ - 3x + b over the integers modulo p. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Reads the public key that a browser sent: EC P-256 with its four members and no others, so that one
 * key has one spelling and one thumbprint. A private member is refused apart from the rest.
 */
export function readComputerKey(value: unknown): Result<ComputerJwk, ComputerCode> {
  if (typeof value !== "object" || value === null) return refuse("computer_key_malformed");
  const { kty, crv, x, y, ...others } = value as Record<string, unknown>;
  if ("d" in others) return refuse("computer_key_private");
  if (kty !== "EC") {
    return refuse(typeof kty === "string" ? "computer_key_type" : "computer_key_malformed");
  }
  if (crv !== "P-256") {
    return refuse(typeof crv === "string" ? "computer_key_curve" : "computer_key_malformed");
  }
  if (typeof x !== "string" || typeof y !== "string" || Object.keys(others).length > 0) {
    return refuse("computer_key_malformed");
  }
  return isPoint(x, y) ? accept({ kty, crv, x, y }) : refuse("computer_key_malformed");
}

/** Checked here, since the import of a key by the runtime takes any two numbers. */
function isPoint(encodedX: string, encodedY: string): boolean {
  const x = coordinate(encodedX);
  const y = coordinate(encodedY);
  if (x === null || y === null) return false;
  return (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

function coordinate(text: string): bigint | null {
  // 32 bytes are 43 characters.
  const bytes = text.length === 43 ? fromBase64Url(text) : null;
  if (!bytes) return null;
  const number = bytes.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  return number < P ? number : null;
}
