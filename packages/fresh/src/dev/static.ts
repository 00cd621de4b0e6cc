import { extname, relative } from "@std/path";
import type { FileEntry } from "../manifest.ts";
import { filesBelow } from "./crawl.ts";

const TYPES: Record<string, string> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

export function contentType(file: string): string {
  return TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
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
    contentType: contentType(file),
    hash: withHashes ? await sha256(await Deno.readFile(file)) : null,
    place: relative(root, file),
  })));
}

/** The path a browser asks for: `?`, `#` and `%` are part of a file's name, not of the syntax. */
function toUrlPath(file: string): string {
  const escaped = file.replace(/[%?#]/g, encodeURIComponent);
  return new URL(`/${escaped}`, "http://localhost").pathname;
}

/** @returns 32 hexadecimal digits, the first half of the SHA-256 */
export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest, 0, 16).toHex();
}
