import { dirname, join, normalize } from "@std/path";

/** Which files a change of each file may be noticed in. */
export interface ImportGraph {
  /** Path to the paths that load it. */
  importers: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Settings {
  /** `imports` of the root's `deno.json`. */
  imports: Record<string, string>;
  /** Name of each member of the workspace to its exports, as paths from the root. */
  members: Record<string, Record<string, string>>;
}

/**
 * Reads the imports of all files of a tree. A text that names a file of the tree counts as an
 * import of it: it is started or read by that name. Who builds the pages loads all of them.
 *
 * @param files path from the root to text, `deno.json` files among them
 */
export function readImports(files: ReadonlyMap<string, string>): ImportGraph {
  const settings = readSettings(files);
  const pages = [...files.keys()].filter((file) => /^(routes|islands)\//.test(file));
  const importers = new Map<string, Set<string>>();
  for (const [file, text] of files) {
    if (!isSource(file)) continue;
    for (const name of namesIn(text)) {
      const named = resolve(name, file, files, settings);
      const builds = name === "fresh/dev" ? pages : [];
      for (const to of named ? [named, ...builds] : builds) {
        importers.set(to, (importers.get(to) ?? new Set()).add(file));
      }
    }
  }
  return { importers };
}

/**
 * The tests that load a file, nearest first: its own, then by the number of imports between, then
 * by how much of the folder they share.
 *
 * @example testsOf("core/a/b.ts", graph, tests) // ["core/a/b_test.ts", "core/a/c_test.ts", …]
 */
export function testsOf(
  file: string,
  { importers }: ImportGraph,
  tests: ReadonlySet<string>,
): string[] {
  const distances = new Map([[file, 0]]);
  for (const [each, distance] of distances) {
    for (const importer of importers.get(each) ?? []) {
      if (!distances.has(importer)) distances.set(importer, distance + 1);
    }
  }
  const own = file.replace(/(\.tsx?)$/, "_test$1");
  const farness = (test: string) => test === own ? 0 : distances.get(test)!;
  return [...distances.keys()].filter((each) => tests.has(each)).sort((one, other) =>
    farness(one) - farness(other) || sharedFolders(other, file) - sharedFolders(one, file) ||
    (one < other ? -1 : 1)
  );
}

export function isSource(file: string): boolean {
  return /\.tsx?$/.test(file) && !file.endsWith(".d.ts");
}

function sharedFolders(one: string, other: string): number {
  const [parts, others] = [one.split("/"), other.split("/")];
  const different = parts.findIndex((part, i) => part !== others[i]);
  return different < 0 ? parts.length : different;
}

function readSettings(files: ReadonlyMap<string, string>): Settings {
  const read = (file: string) => JSON.parse(files.get(file) ?? "{}");
  const { imports = {}, workspace = [] } = read("deno.json");
  const members: Settings["members"] = {};
  for (const folder of workspace as string[]) {
    const { name, exports = {} } = read(join(folder, "deno.json"));
    const all: Record<string, string> = typeof exports === "string" ? { ".": exports } : exports;
    members[name] = Object.fromEntries(
      Object.entries(all).map(([path, file]) => [path, join(folder, file)]),
    );
  }
  return { imports, members };
}

/**
 * What a file names: modules that it loads as it runs, and any text that could be a path. Of
 * `${import.meta.dirname}/other.ts` the end counts.
 */
function namesIn(text: string): Set<string> {
  const running = text.replace(/^(?:import|export) type [^;]+;/gm, "");
  const found = running.matchAll(/"([^"\s]+)"|\}(\/[\w./-]+)`/g);
  return new Set([...found].map(([, name, end]) => name ?? `.${end}`));
}

function resolve(
  name: string,
  from: string,
  files: ReadonlyMap<string, string>,
  { imports, members }: Settings,
): string | null {
  const inMember = Object.entries(members).flatMap(([member, exports]) => {
    // A member may be imported by its own name or by one of the root's imports.
    const aliases = Object.keys(imports).filter((alias) => imports[alias]!.includes(`${member}@`));
    return [member, ...aliases].flatMap((alias) =>
      name === alias || name.startsWith(`${alias}/`)
        ? [exports[`.${name.slice(alias.length)}`]]
        : []
    );
  });
  const fromRoot = normalize(imports["@/"] && name.startsWith("@/") ? name.slice(2) : name);
  const beside = join(dirname(from), name);
  const candidates = [...inMember, ...(name[0] === "." ? [beside, fromRoot] : [fromRoot, beside])];
  return candidates.find((each) => each && each !== from && files.has(each)) ?? null;
}
