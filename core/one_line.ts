/** A text as one line (NFC): blanks and control characters collapsed to single spaces, trimmed. */
export function oneLine(text: string): string {
  return text.normalize("NFC").replace(/[\p{Cc}\s]+/gu, " ").trim();
}
