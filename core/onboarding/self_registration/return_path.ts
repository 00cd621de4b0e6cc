/** Where a self-registration leads unless it was begun elsewhere. */
const DEFAULT = "/solicitar";

/** Pages that send people here and want them back; nothing else is taken for an address. */
const KNOWN = /^\/(solicitar(\/\d{7})?|caminho)$/;

/** The page to go on to in the end; whatever else was asked for is the usual one. */
export function parseReturnPath(text: string | null): string {
  return text !== null && KNOWN.test(text) ? text : DEFAULT;
}
