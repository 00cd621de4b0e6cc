import { contentType } from "@std/media-types";
import { extname, relative } from "@std/path";
import { readdir } from "node:fs/promises";
import type { Bytes } from "../build.ts";
import type { FileEntry } from "../manifest.ts";

/** The source files of a project that become routes and islands; absolute paths. */
export interface Sources {
  routes: string[];
  islands: string[];
}

const SOURCE = /\.(?:tsx?|jsx?)$/;

/** Finds routes and islands. Folders named `(_islands)` hold islands, other `(_…)` neither. */
export async function findSources(
  routeDir: string,
  islandDir: string,
  ignore: readonly RegExp[],
): Promise<Sources> {
  const isSource = (file: string) => SOURCE.test(file) && !ignore.some((i) => i.test(file));
  const sources: Sources = { routes: [], islands: (await filesBelow(islandDir)).filter(isSource) };
  for (const file of (await filesBelow(routeDir)).filter(isSource)) {
    const folder = /(?:^|\/)\((_[^/)]+)\)\//.exec(relative(routeDir, file))?.[1];
    if (folder === undefined) sources.routes.push(file);
    else if (folder === "_islands") sources.islands.push(file);
  }
  return sources;
}

/** The path of a route as its name counts: below the routes folder, without extension. */
export function routePath(routeDir: string, file: string): string {
  return relative(routeDir, file).replace(SOURCE, "");
}

/**
 * Lists the static folder, without what is hidden (`.well-known` is not). Hashes are left out in
 * development, where the files may change.
 */
export async function listStatic(
  root: string,
  staticDir: string,
  withHashes: boolean,
): Promise<FileEntry[]> {
  const files = (await filesBelow(staticDir)).filter((file) =>
    !/(?:^|\/)\.(?!well-known\/)/.test(relative(staticDir, file))
  );
  return await Promise.all(files.map(async (file) => ({
    path: toUrlPath(relative(staticDir, file)),
    contentType: typeOf(file),
    hash: withHashes ? await sha256(await Deno.readFile(file)) : null,
    place: relative(root, file),
  })));
}

/** All files below a folder, sorted; none when there is no such folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    .catch((error) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
  return entries.filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`).sort();
}

/** The `Content-Type` of a file, by its name. */
export function typeOf(file: string): string {
  return contentType(extname(file).toLowerCase()) ?? "application/octet-stream";
}

/** The path a browser asks for: `?`, `#` and `%` are part of a file's name, not of the syntax. */
function toUrlPath(file: string): string {
  const escaped = file.replace(/[%?#]/g, encodeURIComponent);
  return new URL(`/${escaped}`, "http://localhost").pathname;
}

/** @returns 32 hexadecimal digits, the first half of the SHA-256 */
export async function sha256(content: Bytes): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest, 0, 16).toHex();
}
