import { toFileUrl } from "@std/path";
import { App, applySnapshot, type ListenOptions, type Snapshot } from "../app.ts";
import { toSnapshot } from "../manifest.ts";
import {
  assemble,
  type Assembly,
  type BuildOptions,
  type ResolvedBuildConfig,
  resolveOptions,
} from "./assembly.ts";
import { routePath } from "./files.ts";
import { DEV_SCRIPT, LiveReload, watch } from "./live_reload.ts";
import { writeServer } from "./write.ts";

export type { BuildOptions, ResolvedBuildConfig };

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
    this.config = resolveOptions(options);
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
      const assembly = await assemble(this.config);
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
   * earlier build, with its files compressed; `memory` writes nothing and compresses nothing.
   *
   * @returns a function that gives an app the routes, islands and files of this build, for tests
   * @throws {TypeError} naming a file of the routes folder whose exports are of no use
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
    const assembly = await assemble(this.config);
    if (options.snapshot === "memory") {
      const snapshot = await this.#load(assembly);
      return (app) => applySnapshot(app, snapshot, mode);
    }
    await writeServer(this.config, assembly);
    return () => {
      throw new Error('Only a build with { snapshot: "memory" } can be applied to an app');
    };
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
