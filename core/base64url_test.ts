import { assertEquals } from "@std/assert";
import { fromBase64Url, toBase64Url } from "./base64url.ts";

Deno.test("bytes come back as they were, whatever their number", () => {
  for (let length = 0; length < 9; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => 255 - i * 31);
    assertEquals(fromBase64Url(toBase64Url(bytes)), bytes);
  }
  assertEquals(toBase64Url(Uint8Array.of(251, 255, 191)), "-_-_");
});

Deno.test("what nobody would write is refused", () => {
  // Padding, the other alphabet, blanks, a length that no bytes have, a second spelling of "AA".
  for (const text of ["AA==", "+/+/", "AA A", "AAAA\n", "A", "AB", "AAé"]) {
    assertEquals(fromBase64Url(text), null, text);
  }
});
