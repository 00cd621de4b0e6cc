import { join, relative } from "@std/path";
import { root } from "./portal.ts";

/** The addresses of all pages and endpoints, as their files say: `/usuarios/[id]`. */
export async function routePatterns(): Promise<string[]> {
  const patterns: string[] = [];
  for await (const file of filesIn(join(root, "routes"))) {
    const name = relative(join(root, "routes"), file).replace(/\.tsx?$/, "");
    // `_app` and the like, and what stands beside the pages: `(_components)`.
    if (/(^|\/)\(?_/.test(name)) continue;
    const parts = name.split("/").filter((part: string) =>
      !part.startsWith("(") && part !== "index"
    );
    patterns.push(`/${parts.join("/")}`);
  }
  return patterns;
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesIn(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}
