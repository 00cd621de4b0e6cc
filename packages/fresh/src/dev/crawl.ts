import { relative } from "@std/path";

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
  const islands = (await filesBelow(islandDir)).filter(isSource);
  const routes: string[] = [];
  for (const file of (await filesBelow(routeDir)).filter(isSource)) {
    const folder = /(?:^|\/)\((_[^/)]+)\)\//.exec(relative(routeDir, file));
    if (folder === null) routes.push(file);
    else if (folder[1] === "_islands") islands.push(file);
  }
  return { routes, islands };
}

/** The path of a route as its name counts: below the routes folder, without extension. */
export function routePath(routeDir: string, file: string): string {
  return relative(routeDir, file).replace(SOURCE, "");
}

/** All files below a folder, sorted; none when there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const entries = await readFolder(folder);
  for (const { name, isDirectory, isFile } of entries) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesBelow(path));
    else if (isFile) files.push(path);
  }
  return files;
}

async function readFolder(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
