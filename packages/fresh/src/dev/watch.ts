/**
 * Calls back with the paths that changed below the project, a moment after the last change. What
 * is hidden, installed or generated is not watched.
 */
export function watch(
  options: { root: string; outDir: string; signal?: AbortSignal },
  onChange: (paths: string[]) => Promise<void>,
): void {
  const folders = [...Deno.readDirSync(options.root)]
    .filter(({ name, isDirectory }) => isDirectory && !/^(?:\.|node_modules$)/.test(name))
    .map(({ name }) => `${options.root}/${name}`)
    .filter((folder) => folder !== options.outDir);
  if (folders.length === 0) return;
  const watcher = Deno.watchFs(folders);
  options.signal?.addEventListener("abort", () => watcher.close(), { once: true });
  follow(watcher, onChange);
}

/** Editors write in several steps; this long (ms) after one, the next is waited for. */
const SETTLE = 80;

async function follow(
  watcher: Deno.FsWatcher,
  onChange: (paths: string[]) => Promise<void>,
): Promise<void> {
  let paths = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const event of watcher) {
    if (event.kind === "access" || event.kind === "any") continue;
    for (const path of event.paths) paths.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changed = [...paths];
      paths = new Set();
      onChange(changed).catch((error) => console.error(error));
    }, SETTLE);
  }
  clearTimeout(timer);
}
