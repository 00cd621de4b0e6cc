import { brotliDecompressSync } from "node:zlib";
import { dirname, fromFileUrl, join } from "@std/path";

export interface Bundled {
  executable: string;
  /** What the browser needs in its environment on a system without its libraries and fonts. */
  env: Record<string, string>;
}

/**
 * Unpacks the browser that comes inside the npm package `@sparticuz/chromium` (Linux x64), with its
 * libraries (NSS) and fonts, into a cache folder in the temp directory, once per version. Its own
 * function for this leaves half a file behind when it is interrupted, and its libraries packed.
 */
export async function unpackChromium(): Promise<Bundled> {
  const packageDir = dirname(dirname(fromFileUrl(import.meta.resolve("@sparticuz/chromium"))));
  const { version } = JSON.parse(await Deno.readTextFile(join(packageDir, "package.json")));
  const cache = join(temporaryDirectory(), `habilita-chromium-${version}`);
  if (!await exists(cache)) await unpackInto(cache, join(packageDir, "bin"));
  return {
    executable: join(cache, "chromium"),
    env: {
      LD_LIBRARY_PATH: join(cache, "lib"),
      ...(!await exists("/etc/fonts/fonts.conf") && { FONTCONFIG_PATH: join(cache, "fonts") }),
    },
  };
}

/** All or nothing: the folder gets its name when it is complete, whoever else unpacks meanwhile. */
async function unpackInto(cache: string, bin: string): Promise<void> {
  const partial = await Deno.makeTempDir({ prefix: "habilita-chromium-" });
  try {
    const executable = await unbrotli(join(bin, "chromium.br"));
    await Deno.writeFile(join(partial, "chromium"), executable, { mode: 0o755 });
    for (const archive of ["al2023.tar.br", "fonts.tar.br"]) {
      await untar(await unbrotli(join(bin, archive)), partial);
    }
    // The one in the archive names folders of another kind of machine.
    await Deno.writeTextFile(
      join(partial, "fonts", "fonts.conf"),
      `<fontconfig><dir>${cache}/fonts</dir><cachedir>${cache}/fonts-cache</cachedir></fontconfig>`,
    );
    await Deno.rename(partial, cache);
  } catch (error) {
    await Deno.remove(partial, { recursive: true });
    if (!await exists(cache)) throw error;
  }
}

async function unbrotli(path: string): Promise<Uint8Array> {
  return brotliDecompressSync(await Deno.readFile(path));
}

const BLOCK = 512;

/** Writes the files of a ustar archive (POSIX.1-1988): names, contents and modes, nothing else. */
async function untar(archive: Uint8Array, directory: string): Promise<void> {
  for (let position = 0; position + BLOCK <= archive.length;) {
    const header = archive.subarray(position, position + BLOCK);
    const name = field(header, 0, 100);
    if (name === "") return;
    const size = Number.parseInt(field(header, 124, 12), 8);
    const start = position + BLOCK;
    const path = join(directory, join("/", name));
    const type = field(header, 156, 1);
    if (type === "0" || type === "") {
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(path, archive.subarray(start, start + size), {
        mode: Number.parseInt(field(header, 100, 8), 8),
      });
    }
    position = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function field(header: Uint8Array, offset: number, length: number): string {
  const text = new TextDecoder().decode(header.subarray(offset, offset + length));
  return text.split("\0", 1)[0]!.trim();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function temporaryDirectory(): string {
  return Deno.env.get("TMPDIR") || "/tmp";
}
