import type { ComponentType } from "preact";
import type { Command } from "./commands.ts";

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

/** A file that can be asked for by its path. */
export interface StaticFile {
  contentType: string;
  /** SHA-256 of the content, or null in development, where it may change at any time. */
  hash: string | null;
  read(): Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
}

/** What a build found and made; an app without one has no file routes, islands or static files. */
export interface Snapshot<State = unknown> {
  buildId: string;
  root: string;
  /** The script that starts the islands of a page. */
  runtime: string;
  islands: ReadonlyMap<ComponentType, Island>;
  /** By percent-encoded path. */
  files: ReadonlyMap<string, StaticFile>;
  commands: Command<State>[];
  /** A script for every page, or null: reloads it during development. */
  devScript: string | null;
}

/** Where the scripts of a build are served; a new build has new addresses. */
export function scriptPrefix(buildId: string): string {
  return `/_fresh/js/${buildId}/`;
}

let buildId: string | null = null;

/** The build whose files are served by this process, or null when there is none. */
export function currentBuildId(): string | null {
  return buildId;
}

export function setCurrentBuildId(id: string): void {
  buildId = id;
}
