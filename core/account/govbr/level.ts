import type { GovbrLevel } from "../../store/records/account.ts";

/** Levels of a gov.br account, lowest first (id_token claim `reliability_info.level`). */
export const GOVBR_LEVELS = ["bronze", "silver", "gold"] as const satisfies readonly GovbrLevel[];

/** As gov.br calls them in Portuguese. */
export const LEVEL_NAMES: Record<GovbrLevel, string> = {
  bronze: "bronze",
  silver: "prata",
  gold: "ouro",
};

export function parseLevel(value: unknown): GovbrLevel | null {
  return GOVBR_LEVELS.find((level) => level === value) ?? null;
}

/** Is `level` as high as `required`, or higher? */
export function reaches(level: GovbrLevel, required: GovbrLevel): boolean {
  return GOVBR_LEVELS.indexOf(level) >= GOVBR_LEVELS.indexOf(required);
}
