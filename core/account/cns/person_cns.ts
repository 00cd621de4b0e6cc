/** Quality of a registration in the national health card, as the ministry grades it. */
export const CNS_QUALITIES = ["alta", "baixa", "desconhecida"] as const;
export type CnsQuality = typeof CNS_QUALITIES[number];

/** A person's number in the national health card, and what is known of it. */
export interface PersonCns {
  /** 15 digits. */
  number: string;
  quality: CnsQuality;
  /**
   * What stands behind it: `consulta`, the look-up said the quality; `govbr`, no register said, but gov.br
   * has proven who declared the number; `declarado`, nothing but the person's word.
   */
  source: "declarado" | "govbr" | "consulta";
  /** When that was found out (milliseconds since the epoch). */
  at: number;
}

/** `299000000110004` -> `*** **** **** 0004`, enough for its owner to know it again. */
export function maskCns(number: string): string {
  return `*** **** **** ${number.slice(-4)}`;
}
