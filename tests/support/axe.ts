import type { Page } from "playwright-core";

/** The small edition: a page takes four times as long over the other. */
const SOURCE = await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js")));

/** WCAG 2.2 levels A and AA, and what axe knows to be good practice beyond them. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Looks for accessibility faults in the page as it is now. The script goes in through the debugger,
 * so a strict Content-Security-Policy does not stop it.
 *
 * @returns one text per fault: rule, impact, what is wrong, and the elements; empty when all is well
 *
 * @example
 * assertEquals(await findAccessibilityFaults(page), []);
 */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  // What the script's last expression gives would be sent back.
  await page.evaluate(`${SOURCE};0`);
  const violations = await page.evaluate(
    async (tags) => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const runOnly = { type: "tag", values: tags } as const;
      return (await axe.run(document, { runOnly, resultTypes: ["violations"] })).violations;
    },
    TAGS,
  );
  return violations.map(({ id, impact, help, nodes }) => {
    const where = nodes.map((node) => `  ${node.target.join(" ")}: ${node.html}`);
    return [`${id} (${impact}): ${help}`, ...where].join("\n");
  });
}
