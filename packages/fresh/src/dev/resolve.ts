import { dirname, join } from "@std/path";
import type { Plugin } from "esbuild";
import { builtinModules } from "node:module";

const BROWSER_RUNTIME = new URL("../runtime/browser.ts", import.meta.url).pathname;

/**
 * What the imports of browser code stand for, as Deno has them on the server: by the `imports` of
 * the project's `deno.json` and those above it. npm packages come from `node_modules`; JSR packages
 * are not available to islands, other than `fresh/runtime`.
 */
export async function aliasesLikeDeno(root: string): Promise<Record<string, string>> {
  const aliases: Record<string, string> = { "fresh/runtime": BROWSER_RUNTIME };
  for (let folder = root;; folder = dirname(folder)) {
    for (const [key, target] of Object.entries(await readImports(folder))) {
      const name = key.replace(/\/$/, "");
      aliases[name] ??= target.startsWith(".")
        ? join(folder, target).replace(/\/$/, "")
        : withoutVersion(target);
    }
    if (folder === dirname(folder)) return aliases;
  }
}

/** `npm:@scope/name@^1.2.0/file.js` is `@scope/name/file.js` in `node_modules`. */
export function withoutVersion(specifier: string): string {
  const [, name, path] = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier) ?? [];
  return name === undefined ? specifier : name + (path ?? "");
}

async function readImports(folder: string): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(join(folder, "deno.json")).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "{}";
    throw error;
  });
  return JSON.parse(text).imports ?? {};
}

const EMPTY = "empty-builtin";

/** What Node has built in is empty in the browser, for packages that look for it but do without. */
export const emptyBuiltins: Plugin = {
  name: EMPTY,
  setup(build) {
    const filter = new RegExp(`^(?:node:.*|${builtinModules.join("|")})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: EMPTY }));
    build.onLoad({ filter: /.*/, namespace: EMPTY }, () => ({ contents: "", loader: "js" }));
  },
};
