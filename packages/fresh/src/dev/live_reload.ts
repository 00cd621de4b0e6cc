import type { FileEntry } from "../manifest.ts";

/** Where the page's script is, and the socket it connects to. */
export const DEV_SCRIPT = "/_fresh/dev.js";
const SOCKET = "/_fresh/dev";

const SCRIPT = `let revision;
(function connect() {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "${SOCKET}");
  socket.onmessage = ({ data }) => {
    if (revision !== undefined && revision !== data) location.reload();
    revision = data;
  };
  socket.onclose = () => setTimeout(connect, 300);
})();
`;

export const devScriptFile: FileEntry = {
  path: DEV_SCRIPT,
  contentType: "text/javascript; charset=utf-8",
  hash: null,
  place: new TextEncoder().encode(SCRIPT),
};

/**
 * Tells open pages to reload. Each page keeps a socket and learns the revision over it: another one
 * means that a file has changed, or that the server has been started anew.
 */
export class LiveReload {
  readonly #sockets = new Set<WebSocket>();
  #revision = crypto.randomUUID();

  /** Answers a page's request for the socket; null for all other requests. */
  connect(request: Request): Response | null {
    if (new URL(request.url).pathname !== SOCKET) return null;
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => {
      this.#sockets.add(socket);
      socket.send(this.#revision);
    };
    socket.onclose = () => this.#sockets.delete(socket);
    return response;
  }

  reload(): void {
    this.#revision = crypto.randomUUID();
    for (const socket of this.#sockets) socket.send(this.#revision);
  }
}

/** Editors write in several steps; this long (ms) after one, the next is waited for. */
const SETTLE = 80;

/**
 * Calls back with the paths that changed below the project, a moment after the last change. What
 * is hidden, installed or generated is not watched.
 */
export async function watch(
  options: { root: string; outDir: string; signal?: AbortSignal },
  onChange: (paths: string[]) => Promise<void>,
): Promise<void> {
  const folders = [...Deno.readDirSync(options.root)]
    .filter(({ name, isDirectory }) => isDirectory && !/^(?:\.|node_modules$)/.test(name))
    .map(({ name }) => `${options.root}/${name}`)
    .filter((folder) => folder !== options.outDir);
  if (folders.length === 0) return;
  const watcher = Deno.watchFs(folders);
  options.signal?.addEventListener("abort", () => watcher.close(), { once: true });

  const paths = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const event of watcher) {
    if (event.kind === "access" || event.kind === "any") continue;
    for (const path of event.paths) paths.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChange([...paths]).catch(console.error);
      paths.clear();
    }, SETTLE);
  }
  clearTimeout(timer);
}
