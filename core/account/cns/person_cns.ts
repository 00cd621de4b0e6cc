import type { CnsQuality } from "../../store/records/account.ts";

/** Quality of a registration in the national health card, as the ministry grades it. */
export const CNS_QUALITIES = [
  "alta",
  "baixa",
  "desconhecida",
] as const satisfies readonly CnsQuality[];

/** `299000000110004` -> `*** **** **** 0004`, enough for its owner to know it again. */
export function maskCns(number: string): string {
  return `*** **** **** ${number.slice(-4)}`;
}
