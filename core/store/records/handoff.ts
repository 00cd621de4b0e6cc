import type { AccountId } from "./account.ts";
import type { Sealed } from "./sealed.ts";

/** Who is handed off, where and from which computer (its thumbprint). */
export interface HandoffSubject {
  account: AccountId;
  cnes: string;
  thumbprint: string;
}

/** A hand-off on its way; what its token says is in the token. */
export interface HandoffRecord extends HandoffSubject {
  /** Id of the system. */
  system: string;
  profile: string;
  /** Milliseconds since the epoch. */
  issuedAt: number;
  redeemedAt: number | null;
}

/** That a client assertion was used; kept until long after it has run out (ms). */
export interface AssertionMark {
  expiresAt: number;
}

/** A key pair of the portal for signing hand-offs (Ed25519). */
export interface StoredKey {
  /** SHA-256 thumbprint of the public key (RFC 7638), base64url. */
  kid: string;
  /** The public key: 32 bytes as base64url (RFC 8037). */
  x: string;
  /** PKCS #8, under the name `kid`. */
  encrypted: Sealed;
  /** Milliseconds since the epoch. It signs until another key's time has come. */
  signsFrom: number;
}

/** Keys by the time when their signing begins. */
export type KeyRotation = readonly StoredKey[];
