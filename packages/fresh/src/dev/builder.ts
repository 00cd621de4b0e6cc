import { isAbsolute, join, toFileUrl } from "@std/path";
import { App, applySnapshot, type ListenOptions } from "../app.ts";
import { type FileEntry, toSnapshot } from "../manifest.ts";
import { scriptPrefix, type Snapshot } from "../snapshot.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { findSources, routePath, type Sources } from "./crawl.ts";
import { DEV_SCRIPT, devScriptFile, LiveReload } from "./live_reload.ts";
import { contentType, listStatic, sha256 } from "./static.ts";
import { watch } from "./watch.ts";
import { writeServer } from "./write.ts";

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

export type ResolvedBuildConfig = Required<BuildOptions> & {
  mode: "development" | "production";
};

/**
 * Finds routes, islands and static files, and makes the scripts for the browser. This is a tool:
 * no server in production loads it.
 *
 * @example
 * const builder = new Builder();
 * if (Deno.args.includes("build")) await builder.build();
 * else await builder.listen(() => import("./main.ts"));
 */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  readonly config: ResolvedBuildConfig;

  constructor(options: BuildOptions = {}) {
    const root = absolute(options.root ?? ".", Deno.cwd());
    this.config = {
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

  /**
   * Serves the app for development. Pages reload when a static file or an island changes; for the
   * modules of the server, run the process with `--watch`: pages reload once it is back.
   */
  async listen(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    this.config.mode = "development";
    const imported = await importApp();
    const app = imported instanceof App ? imported : imported.app;
    const live = new LiveReload();
    let inputs = new Set<string>();
    let handler = app.handler();

    const refresh = async () => {
      const assembly = await this.#assemble();
      applySnapshot(app, await this.#load(assembly), "development");
      handler = app.handler();
      inputs = assembly.bundled.inputs;
    };
    await refresh();
    const { staticDir, islandDir, root, outDir } = this.config;
    watch({ root, outDir, signal: options.signal }, async (paths) => {
      const concerned = paths.some((path) =>
        inputs.has(path) || path.startsWith(`${staticDir}/`) || path.startsWith(`${islandDir}/`)
      );
      if (!concerned) return;
      await refresh();
      live.reload();
    });
    Deno.serve(options, (request, info) => live.connect(request) ?? handler(request, info));
  }

  /**
   * Makes a build. `disk`, the default, writes `_fresh/server.js` for `deno serve` in place of an
   * earlier build; `memory` writes nothing.
   *
   * @returns a function that gives an app the routes, islands and files of this build, for tests
   * @example
   * const apply = await new Builder().build({ snapshot: "memory" });
   * apply(app);
   * const response = await app.handler()(new Request("http://localhost/"));
   */
  async build(
    options: { mode?: ResolvedBuildConfig["mode"]; snapshot?: "disk" | "memory" } = {},
  ): Promise<(app: App<State>) => void> {
    const mode = options.mode ?? "production";
    this.config.mode = mode;
    const assembly = await this.#assemble();
    if (options.snapshot === "memory") {
      const snapshot = await this.#load(assembly);
      return (app) => applySnapshot(app, snapshot, mode);
    }
    await writeServer(this.config, assembly);
    return () => {
      throw new Error('Only a build with { snapshot: "memory" } can be applied to an app');
    };
  }

  /** Everything but the modules: a build that is written must not run the project. */
  async #assemble(): Promise<Assembly> {
    const { root, routeDir, islandDir, staticDir, ignore, target, mode } = this.config;
    const development = mode === "development";
    const sources = await findSources(routeDir, islandDir, ignore);
    const bundled = await bundle({ root, islands: sources.islands, development, target });
    const files = await listStatic(root, staticDir, !development);
    const hashes = await Promise.all([...bundled.scripts.values()].map(sha256));
    const content = [...hashes, ...files.map((f) => `${f.path} ${f.hash}`)].join();
    const buildId = (await sha256(new TextEncoder().encode(content))).slice(0, 16);

    let i = 0;
    for (const [name, place] of bundled.scripts) {
      files.push({
        path: scriptPrefix(buildId) + name,
        contentType: contentType(name),
        hash: hashes[i++]!,
        place,
      });
    }
    if (development) files.push(devScriptFile);
    return { buildId, files, bundled, sources };
  }

  async #load({ buildId, files, bundled, sources }: Assembly): Promise<Snapshot<State>> {
    const { root, routeDir, mode } = this.config;
    const load = (file: string) => import(toFileUrl(file).href);
    return toSnapshot({
      buildId,
      root,
      files,
      routes: await Promise.all(sources.routes.map(async (file) => ({
        path: routePath(routeDir, file),
        module: await load(file),
      }))),
      islands: await Promise.all(bundled.islands.map(async (island) => ({
        ...island,
        module: await load(island.source),
      }))),
      devScript: mode === "development" ? DEV_SCRIPT : undefined,
    });
  }
}

/** A build before the project's modules are loaded. */
export interface Assembly {
  buildId: string;
  files: FileEntry[];
  bundled: Bundle;
  sources: Sources;
}

function absolute(path: string, base: string): string {
  if (path.startsWith("file:")) path = decodeURIComponent(new URL(path).pathname);
  return (isAbsolute(path) ? path : join(base, path)).replace(/(.)\/$/, "$1");
}
