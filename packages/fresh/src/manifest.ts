import type { ComponentType } from "preact";
import { fileCommands, type RouteFile } from "./file_routes.ts";
import { type Island, scriptPrefix, type Snapshot, type StaticFile } from "./snapshot.ts";

/** A file to be served: in memory, or on disk below the project's directory. */
export interface FileEntry {
  /** Percent-encoded. */
  path: string;
  contentType: string;
  hash: string | null;
  place: string | Uint8Array<ArrayBuffer>;
}

export interface IslandEntry {
  name: string;
  module: Record<string, unknown>;
  /** The name of its script, and of those that this one imports. */
  script: string;
  imports: readonly string[];
}

/** The outcome of a build, with the modules of the project loaded. */
export interface Manifest<State> {
  buildId: string;
  root: string;
  files: readonly FileEntry[];
  routes: readonly RouteFile<State>[];
  islands: readonly IslandEntry[];
  devScript?: string;
}

export function toSnapshot<State>(manifest: Manifest<State>): Snapshot<State> {
  const { buildId, root } = manifest;
  const prefix = scriptPrefix(buildId);
  const islands = new Map<ComponentType, Island>();
  for (const { name, module, script, imports } of manifest.islands) {
    for (const [exportName, value] of Object.entries(module)) {
      if (typeof value !== "function") continue;
      islands.set(value as ComponentType, {
        name,
        exportName,
        file: prefix + script,
        imports: imports.map((file) => prefix + file),
      });
    }
  }
  return {
    buildId,
    root,
    runtime: `${prefix}${RUNTIME_SCRIPT}.js`,
    islands,
    files: new Map(manifest.files.map((entry) => [entry.path, toStaticFile(root, entry)])),
    commands: fileCommands(manifest.routes),
    devScript: manifest.devScript ?? null,
  };
}

/** The name of the script that starts the islands. */
export const RUNTIME_SCRIPT = "fresh-runtime";

/** Files up to this size are kept once they have been read, as long as they cannot change. */
const KEPT_BYTES = 512 * 1024;

function toStaticFile(root: string, { contentType, hash, place }: FileEntry): StaticFile {
  if (typeof place !== "string") return { contentType, hash, read: () => place };
  let kept: Uint8Array<ArrayBuffer> | null = null;
  return {
    contentType,
    hash,
    async read() {
      if (kept !== null) return kept;
      const content = await Deno.readFile(`${root}/${place}`);
      if (hash !== null && content.byteLength <= KEPT_BYTES) kept = content;
      return content;
    },
  };
}
