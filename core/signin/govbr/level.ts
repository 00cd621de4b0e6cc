import { GOVBR_LEVELS, type GovbrLevel } from "../../config/choices.ts";

export { GOVBR_LEVELS, type GovbrLevel };

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
