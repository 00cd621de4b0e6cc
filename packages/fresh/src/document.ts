import type { Island } from "./build.ts";
import { moveHead } from "./head.ts";
import type { RenderState } from "./render_state.ts";

export interface Document {
  text: string;
  /** The value of a `Link` header, or null. */
  preloads: string | null;
}

/** Makes the rendered HTML a whole document with the scripts it needs, and no others. */
export function finishDocument(html: string, state: RenderState): Document {
  let text = wrapDocument(html);
  if (state.hasHead) text = moveHead(text);

  const devScript = state.build?.devScript ?? null;
  if (state.uses.length === 0 && devScript === null) return { text, preloads: null };

  const end = text.lastIndexOf("</body>");
  const at = end === -1 ? text.length : end;
  let scripts = "";
  let preloads: string | null = null;
  if (state.uses.length > 0) {
    const { runtime } = state.build!;
    const islands = [...new Set(state.uses.map((use) => use.island))];
    scripts += islandScript(state, runtime, islands);
    preloads = preloadHeader(runtime, islands);
  }
  if (devScript !== null) scripts += `<script type="module" src="${devScript}"></script>`;
  return { text: text.slice(0, at) + scripts + text.slice(at), preloads };
}

function wrapDocument(html: string): string {
  const isA = (tag: string) => html.startsWith(`<${tag}>`) || html.startsWith(`<${tag} `);
  if (isA("html")) return `<!DOCTYPE html>${html}`;
  const whole = isA("head") || isA("body")
    ? html
    : `<head><meta charset="utf-8"></head><body>${html}</body>`;
  return `<!DOCTYPE html><html>${whole}</html>`;
}

/** Imports the components and starts each island, in the order of the markers, with its props. */
function islandScript(state: RenderState, runtime: string, islands: Island[]): string {
  const imports = islands.map((island, i) =>
    `import{${island.exportName} as i${i}}from"${island.file}";`
  );
  const names = islands.map((_, i) => `i${i}`);
  const uses = state.uses.map(({ island, props }) => `[${islands.indexOf(island)},${props}]`);
  const nonce = state.nonce === null ? "" : ` nonce="${state.nonce}"`;
  return `<script type="module"${nonce}>import{boot}from"${runtime}";${imports.join("")}` +
    `boot([${names}],[${uses}])</script>`;
}

function preloadHeader(runtime: string, islands: Island[]): string {
  const files = new Set([runtime]);
  for (const island of islands) {
    files.add(island.file);
    for (const file of island.imports) files.add(file);
  }
  return [...files].map((file) => `<${file}>; rel="modulepreload"; as="script"`).join(", ");
}
