import type { Bytes } from "../der.ts";
import { bmpPassword } from "./kdf.ts";

/** The encodings under which programs have put the same typed password into files. */
export interface PasswordForms {
  /** For the derivation of PKCS#12 itself: UTF-16, and nothing at all for the empty password. */
  readonly pkcs12: readonly Bytes[];
  /** For PBKDF2: UTF-8 as OpenSSL and Windows do, then Latin-1 and UTF-16 of older programs. */
  readonly pbkdf2: readonly Bytes[];
}

export function passwordForms(password: string): PasswordForms {
  const bmp = bmpPassword(password);
  const utf8 = new TextEncoder().encode(password);
  const latin1 = Uint8Array.from(password, (character) => character.charCodeAt(0));
  const isAscii = utf8.length === password.length;
  const isLatin1 = [...password].every((character) => character <= "\u00ff");
  return {
    pkcs12: password === "" ? [bmp, new Uint8Array()] : [bmp],
    pbkdf2: [utf8, ...(isLatin1 && !isAscii ? [latin1] : []), bmp],
  };
}
