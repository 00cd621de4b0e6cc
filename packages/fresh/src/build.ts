import type { ComponentType } from "preact";

/** A component that also runs in the browser. */
export interface Island {
  /** The address of the script that exports it. */
  file: string;
  exportName: string;
  /** The name of its file, for messages. */
  name: string;
  /** Scripts that `file` imports, to be fetched at once. */
  imports: readonly string[];
}

/** How the bytes of a response can be written (`Content-Encoding`), the smallest first. */
export const ENCODINGS = ["br", "gzip", "identity"] as const;
export type Encoding = typeof ENCODINGS[number];

/** What a file or a response holds. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A file that can be asked for by its path. */
export interface StaticFile {
  contentType: string;
  /** SHA-256 of the content, or null in development, where it may change at any time. */
  hash: string | null;
  /** Reads what the build has: the file as it is (`identity`) and, maybe, compressed. */
  readers: { identity: Reader } & { [E in Encoding]?: Reader };
}

/** Reads the whole content. */
export type Reader = () => Promise<Bytes> | Bytes;

/** What a build made for browsers; an app without one has no islands and no static files. */
export interface Build {
  id: string;
  /** The script that starts the islands of a page. */
  runtime: string;
  islands: ReadonlyMap<ComponentType, Island>;
  /** By percent-encoded path. */
  files: ReadonlyMap<string, StaticFile>;
  /** A script for every page, or null: reloads it during development. */
  devScript: string | null;
}

/** The name of the script that starts the islands. */
export const RUNTIME_SCRIPT = "fresh-runtime";

/** Where the scripts of a build are served; a new build has new addresses. */
export function scriptPrefix(buildId: string): string {
  return `/_fresh/js/${buildId}/`;
}
