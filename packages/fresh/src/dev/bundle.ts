import { basename } from "@std/path";
import * as esbuild from "esbuild";
import { type Bytes, RUNTIME_SCRIPT } from "../build.ts";
import { aliasesLikeDeno, emptyBuiltins } from "./resolve.ts";

export interface BundleOptions {
  root: string;
  islands: readonly string[];
  development: boolean;
  target: string | string[];
}

export interface Bundle {
  scripts: Map<string, Bytes>;
  islands: BundledIsland[];
  /** Every source file that is part of a script; absolute paths. */
  inputs: Set<string>;
}

export interface BundledIsland {
  source: string;
  name: string;
  script: string;
  /** The scripts it imports at once, the ones they import included. */
  imports: string[];
}

const CLIENT = new URL("../runtime/client.ts", import.meta.url).pathname;
const OUT = "/out";

/**
 * Makes one script of each island, one that starts them, and others for what they share or import
 * later. The names say nothing about the build: its id is part of the address.
 */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  if (options.islands.length === 0) return { scripts: new Map(), islands: [], inputs: new Set() };
  const names = uniqueNames(options.islands);
  const result = await esbuild.build({
    entryPoints: [
      { in: CLIENT, out: RUNTIME_SCRIPT },
      ...options.islands.map((source, i) => ({ in: source, out: names[i]! })),
    ],
    absWorkingDir: options.root,
    outdir: OUT,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: options.target,
    chunkNames: "chunk-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: !options.development,
    sourcemap: options.development ? "inline" : false,
    legalComments: "none",
    // The exception says it all.
    logLevel: "silent",
    define: {
      "process.env.NODE_ENV": options.development ? '"development"' : '"production"',
    },
    tsconfigRaw: {},
    alias: await aliasesLikeDeno(options.root),
    plugins: [emptyBuiltins],
  }).finally(() => esbuild.stop());

  const scripts = new Map(
    result.outputFiles.map((file) => [
      file.path.slice(OUT.length + 1),
      file.contents as Bytes,
    ]),
  );
  const importsOf = readImports(result.metafile);
  return {
    scripts,
    islands: options.islands.map((source, i) => {
      const script = `${names[i]}.js`;
      return { source, name: names[i]!, script, imports: importsOf(script) };
    }),
    inputs: new Set(
      Object.keys(result.metafile.inputs).map((path) => `${options.root}/${path}`),
    ),
  };
}

/** File names without extension; the second of a name gets a number. */
function uniqueNames(files: readonly string[]): string[] {
  const taken = new Set<string>([RUNTIME_SCRIPT]);
  return files.map((file) => {
    const base = basename(file).replace(/\.\w+$/, "");
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}_${i}`;
    taken.add(name);
    return name;
  });
}

function readImports({ outputs }: esbuild.Metafile): (script: string) => string[] {
  const byName = new Map(
    Object.entries(outputs).map(([path, output]) => [basename(path), output.imports]),
  );
  return (script) => {
    const found = new Set<string>();
    const visit = (name: string) => {
      for (const { kind, path } of byName.get(name) ?? []) {
        const imported = basename(path);
        if (kind !== "import-statement" || found.has(imported)) continue;
        found.add(imported);
        visit(imported);
      }
    };
    visit(script);
    return [...found];
  };
}

/**
 * The names that source files export, as they are written: nothing is run or looked up, so what
 * `export *` adds is not among them.
 *
 * @param files absolute paths below `root`
 */
export async function exportsOf(root: string, files: string[]): Promise<[string, string[]][]> {
  if (files.length === 0) return [];
  const { metafile } = await esbuild.build({
    entryPoints: files,
    absWorkingDir: root,
    outdir: OUT,
    write: false,
    metafile: true,
    format: "esm",
    jsx: "automatic",
    logLevel: "silent",
    tsconfigRaw: {},
  }).finally(() => esbuild.stop());
  const outputs = Object.values(metafile.outputs);
  return outputs.map(({ entryPoint, exports }) => [`${root}/${entryPoint}`, exports]);
}
