/**
 * What must stand in no log: [what it looks like, what stands in its place]. Numbers are taken for a CPF
 * (11 digits) or a CNS (15) by their length, with or without their dots; one that is longer or shorter stays.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\d)\d+:[\w-]{30,}/g, "<token>"],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]+/gi, "$1 <token>"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "<token>"],
  [/(https?:\/\/[^\s"'?#]*)[?#][^\s"']*/g, "$1?…"],
  [/(\/\/)[^\s/@]+@/g, "$1"],
  [/[^\s<>"'(),:;=@/]+@[^\s<>"'(),:;=@/]+\.[a-z]{2,}/gi, "<e-mail>"],
  [/(?<!\d)\d{3} \d{4} \d{4} \d{4}(?!\d)|(?<!\d)\d{15}(?!\d)/g, "<CNS>"],
  [/(?<![\d-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)/g, "<CPF>"],
];

/**
 * A text without what no log may hold: CPF, CNS, e-mail addresses, tokens, what follows the `?` of an
 * address. The last net only: what calls `log` passes no such thing on purpose.
 *
 * @example redact("no user 123.456.789-09") // "no user <CPF>"
 */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [secret, shown]) => rest.replace(secret, shown), text);
}
