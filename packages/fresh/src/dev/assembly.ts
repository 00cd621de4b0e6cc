import { isAbsolute, join } from "@std/path";
import { scriptPrefix } from "../build.ts";
import type { FileEntry } from "../manifest.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { findSources, listStatic, sha256, type Sources, typeOf } from "./files.ts";
import { devScriptFile } from "./live_reload.ts";

export interface BuildOptions {
  /** The browsers that scripts are made for, as esbuild names them. */
  target?: string | string[];
  /** The project's directory; the other paths count from there. By default the current one. */
  root?: string;
  /** The module that exports `app`; by default `main.ts`. */
  serverEntry?: string;
  /** Where a production build is written; by default `_fresh`. */
  outDir?: string;
  /** By default `static`. */
  staticDir?: string;
  /** By default `islands`. */
  islandDir?: string;
  /** By default `routes`. */
  routeDir?: string;
  /** Files that are neither routes nor islands; by default tests. */
  ignore?: RegExp[];
}

/** {@linkcode BuildOptions} with absolute paths. */
export type ResolvedBuildConfig = Required<BuildOptions> & {
  mode: "development" | "production";
};

export function resolveOptions(options: BuildOptions): ResolvedBuildConfig {
  const root = absolute(options.root ?? ".", Deno.cwd());
  return {
    target: options.target ?? ["chrome99", "firefox99", "safari15"],
    root,
    serverEntry: absolute(options.serverEntry ?? "main.ts", root),
    outDir: absolute(options.outDir ?? "_fresh", root),
    staticDir: absolute(options.staticDir ?? "static", root),
    islandDir: absolute(options.islandDir ?? "islands", root),
    routeDir: absolute(options.routeDir ?? "routes", root),
    ignore: options.ignore ?? [/[._]test\.(?:tsx?|jsx?)$/],
    mode: "production",
  };
}

function absolute(path: string, base: string): string {
  if (path.startsWith("file:")) path = decodeURIComponent(new URL(path).pathname);
  return (isAbsolute(path) ? path : join(base, path)).replace(/(.)\/$/, "$1");
}

/** A build before the project's modules are loaded. */
export interface Assembly {
  buildId: string;
  files: FileEntry[];
  bundled: Bundle;
  sources: Sources;
}

/**
 * Everything but the modules: a build that is written must not run the project.
 *
 * @throws {Error} what esbuild says about an island that cannot be bundled
 */
export async function assemble(config: ResolvedBuildConfig): Promise<Assembly> {
  const { root, routeDir, islandDir, staticDir, ignore, target, mode } = config;
  const development = mode === "development";
  const sources = await findSources(routeDir, islandDir, ignore);
  const bundled = await bundle({ root, islands: sources.islands, development, target });
  const files = await listStatic(root, staticDir, !development);
  const scripts = await Promise.all([...bundled.scripts].map(async ([name, place]) => ({
    name,
    place,
    hash: await sha256(place),
  })));
  const content = [...scripts.map((s) => s.hash), ...files.map((f) => `${f.path} ${f.hash}`)];
  const buildId = (await sha256(new TextEncoder().encode(content.join()))).slice(0, 16);
  for (const { name, place, hash } of scripts) {
    files.push({ path: scriptPrefix(buildId) + name, contentType: typeOf(name), hash, place });
  }
  if (development) files.push(devScriptFile);
  return { buildId, files, bundled, sources };
}
