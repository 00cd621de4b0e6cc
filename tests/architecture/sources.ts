import { dirname, join, relative } from "@std/path";
import { root } from "../support/portal.ts";

interface Import {
  from: string;
  to: string;
}

/** Every import between files of the project; with `runtime`, without those of types only. */
export async function imports({ runtime = false } = {}): Promise<Import[]> {
  const found: Import[] = [];
  for (const file of await sources(root)) {
    let text = await Deno.readTextFile(join(root, file));
    if (runtime) text = text.replace(/(?:import|export) type [^;]+;/g, "");
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"((?:\.|@\/)[^"]+)"/g)) {
      const to = target!.startsWith("@/")
        ? target!.slice(2)
        : relative(root, join(root, dirname(file), target!));
      found.push({ from: file, to });
    }
  }
  return found;
}

/** Source files of a folder, tests and their helpers left out. */
export async function sources(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) {
      if (/^(node_modules|_fresh|static|\..*)$/.test(entry.name)) continue;
      files.push(...await sources(path));
    } else if (/\.tsx?$/.test(entry.name) && !/_test\.tsx?$|testing\w*\.ts$/.test(entry.name)) {
      files.push(relative(root, path));
    }
  }
  return files;
}
