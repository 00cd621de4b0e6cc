/**
 * Puts into `static/vendor/` what the pages use of the design system's packages: of the 40 KB of
 * tokens only those that the style sheets name, and two weights of the font.
 */
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const from = (path: string) => join(root, "node_modules", path);
const vendor = join(root, "static", "vendor");

/** Custom properties named in `css`, and those that their values name in turn. */
export function usedTokens(tokens: string, css: string): string {
  const declared = new Map<string, string>();
  for (const [, name, value] of tokens.matchAll(/(--[\w-]+):([^;}]+)/g)) {
    declared.set(name!, value!.trim());
  }
  const used = new Map<string, string>();
  const visit = (text: string) => {
    for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
      const value = declared.get(name!);
      if (used.has(name!)) continue;
      if (value === undefined) throw new Error(`the design system has no token ${name}`);
      used.set(name!, value);
      visit(value);
    }
  };
  visit(css);
  return `:root {\n${[...used].map(([name, value]) => `  ${name}: ${value};\n`).join("")}}\n`;
}

export async function makeAssets(): Promise<void> {
  await Deno.mkdir(vendor, { recursive: true });
  const tokens = await Deno.readTextFile(from("@govbr-ds/core/dist/core-tokens.min.css"));
  const css = await Deno.readTextFile(join(root, "static", "app.css"));
  await put("tokens.css", new TextEncoder().encode(usedTokens(tokens, css)));
  for (const weight of [400, 600]) {
    const font = from(`@fontsource/raleway/files/raleway-latin-${weight}-normal.woff2`);
    await put(`raleway-${weight}.woff2`, await Deno.readFile(font));
  }
}

/**
 * Leaves alone what is there already: development servers watch the folder, and would reload the
 * pages of each other, in the middle of what a developer types, whenever one of them starts.
 */
async function put(name: string, bytes: Uint8Array): Promise<void> {
  const path = join(vendor, name);
  const present = await Deno.readFile(path).catch(() => null);
  if (present && equals(present, bytes)) return;
  await Deno.writeFile(path, bytes);
}

function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

if (import.meta.main) await makeAssets();
