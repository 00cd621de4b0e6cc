const PARTICLES = new Set(["DE", "DA", "DO", "DAS", "DOS", "E"]);

/** Marks that are written or left out within a name; `¿` stands for an apostrophe in CADOP. */
const MARKS_WITHIN = /['’‘´`"¿.]/g;

/**
 * The form in which two spellings of a person's name are compared: upper case, no accents, no
 * particles, single spaces. Registries and certificates spell the same person differently.
 *
 * @example normaliseName("José  D’Ávila dos Santos-Lima") === "JOSE DAVILA SANTOS LIMA"
 */
export function normaliseName(name: string): string {
  return name
    .normalize("NFD").replace(/\p{M}/gu, "")
    .replace(MARKS_WITHIN, "")
    .toUpperCase()
    .split(/[\s-]+/)
    .filter((word) => word !== "" && !PARTICLES.has(word))
    .join(" ");
}

/**
 * Whether two spellings are one name. An empty name is no person's: a missing representative must never
 * match a certificate without a name.
 */
export function sameName(a: string, b: string): boolean {
  const normalised = normaliseName(a);
  return normalised !== "" && normalised === normaliseName(b);
}
