import type { ComponentType } from "preact";
import type { Snapshot } from "./app.ts";
import {
  type Bytes,
  type Encoding,
  type Island,
  type Reader,
  RUNTIME_SCRIPT,
  scriptPrefix,
  type StaticFile,
} from "./build.ts";
import { fileCommands, type RouteFile } from "./file_routes.ts";

// With `toSnapshot`, what the generated `_fresh/server.js` imports. Not for applications.
export { applySnapshot } from "./app.ts";

/** A file to be served: in memory, or on disk below the project's directory. */
export interface FileEntry {
  /** Percent-encoded. */
  path: string;
  contentType: string;
  hash: string | null;
  place: Place;
  /** Where it is compressed. */
  compressed?: { [E in Exclude<Encoding, "identity">]?: Place };
}

type Place = string | Bytes;

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

/** @throws {Error} naming a file of the routes folder whose exports are of no use */
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
    root,
    build: {
      id: buildId,
      runtime: `${prefix}${RUNTIME_SCRIPT}.js`,
      islands,
      files: new Map(manifest.files.map((entry) => [entry.path, toStaticFile(root, entry)])),
      devScript: manifest.devScript ?? null,
    },
    commands: fileCommands(manifest.routes),
  };
}

function toStaticFile(root: string, entry: FileEntry): StaticFile {
  const { contentType, hash, place, compressed } = entry;
  const readers: StaticFile["readers"] = { identity: reader(root, place, hash !== null) };
  for (const [encoding, place] of Object.entries(compressed ?? {})) {
    readers[encoding as Encoding] = reader(root, place, true);
  }
  return { contentType, hash, readers };
}

/** Files up to this size are kept once they have been read, as long as they cannot change. */
const KEPT_BYTES = 512 * 1024;

function reader(root: string, place: Place, fixed: boolean): Reader {
  if (typeof place !== "string") return () => place;
  let kept: Bytes | null = null;
  return async () => {
    if (kept !== null) return kept;
    const content = await Deno.readFile(`${root}/${place}`);
    if (fixed && content.byteLength <= KEPT_BYTES) kept = content;
    return content;
  };
}
