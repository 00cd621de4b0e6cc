import { dirname, join } from "@std/path";
import type { OnResolveResult, Plugin } from "esbuild";
import { builtinModules } from "node:module";

const BROWSER_RUNTIME = new URL("../runtime/browser.ts", import.meta.url).pathname;
const BUILTINS = new Set(builtinModules);
const EMPTY = "empty-builtin";

/**
 * Resolves imports of browser code as Deno does on the server: by the `imports` of the project's
 * `deno.json` and those above it. Packages come from `node_modules`. What Node has built in is
 * empty in the browser, for packages that look for it but do without.
 */
export async function resolveLikeDeno(root: string): Promise<Plugin> {
  const imports = await readImportMap(root);
  return {
    name: "resolve-like-deno",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === DONE || args.kind === "entry-point") return undefined;
        const specifier = mapSpecifier(imports, args.path);
        if (/^(?:jsr:@fresh\/core(?:@[^/]*)?|fresh)\/runtime$/.test(specifier)) {
          return { path: BROWSER_RUNTIME };
        }
        if (specifier.startsWith("/")) return { path: specifier };
        if (specifier.startsWith("jsr:")) {
          return {
            errors: [{ text: `"${args.path}" is a JSR package: not available to islands` }],
          };
        }
        if (specifier.startsWith("node:") || BUILTINS.has(specifier)) {
          return { path: specifier, namespace: EMPTY };
        }
        return await build.resolve(withoutVersion(specifier), {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir || root,
          pluginData: DONE,
        }) as OnResolveResult;
      });
      build.onLoad({ filter: /.*/, namespace: EMPTY }, () => ({ contents: "", loader: "js" }));
    },
  };
}

/** Marks what this plugin has mapped and asks esbuild to find. */
const DONE = Symbol("resolved");

/** Longest match first, as import maps have it. */
export function mapSpecifier(imports: ReadonlyMap<string, string>, specifier: string): string {
  const exact = imports.get(specifier);
  if (exact !== undefined) return exact;
  for (const [key, target] of [...imports].sort(([a], [b]) => b.length - a.length)) {
    if (key.endsWith("/") && specifier.startsWith(key)) {
      return target + specifier.slice(key.length);
    }
    // An entry for a package stands for its subpaths too.
    if (/^(?:npm|jsr):/.test(target) && specifier.startsWith(`${key}/`)) {
      return target + specifier.slice(key.length);
    }
  }
  return specifier;
}

/** `npm:@scope/name@^1.2.0/file.js` is `@scope/name/file.js` in `node_modules`. */
export function withoutVersion(specifier: string): string {
  const [, name, path] = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier) ?? [];
  return name === undefined ? specifier : name + (path ?? "");
}

async function readImportMap(root: string): Promise<Map<string, string>> {
  const imports = new Map<string, string>();
  for (let folder = root;; folder = dirname(folder)) {
    for (const [key, target] of Object.entries(await readImports(folder))) {
      if (imports.has(key)) continue;
      imports.set(key, target.startsWith(".") ? joinKeepingSlash(folder, target) : target);
    }
    if (folder === dirname(folder)) return imports;
  }
}

async function readImports(folder: string): Promise<Record<string, string>> {
  try {
    const config = JSON.parse(await Deno.readTextFile(join(folder, "deno.json")));
    return config.imports ?? {};
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

function joinKeepingSlash(folder: string, target: string): string {
  const path = join(folder, target);
  return target.endsWith("/") && !path.endsWith("/") ? `${path}/` : path;
}
