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
  const { build, uses, hasHead } = state;
  const text = hasHead ? moveHead(wrapDocument(html)) : wrapDocument(html);
  const islands = [...new Set(uses.map((use) => use.island))];
  let scripts = islands.length === 0 ? "" : islandScript(state, build!.runtime, islands);
  if (build?.devScript) scripts += `<script type="module" src="${build.devScript}"></script>`;
  if (scripts === "") return { text, preloads: null };

  const end = text.lastIndexOf("</body>");
  const at = end === -1 ? text.length : end;
  return {
    text: text.slice(0, at) + scripts + text.slice(at),
    preloads: islands.length === 0 ? null : preloadHeader(build!.runtime, islands),
  };
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
  const files = new Set([runtime, ...islands.flatMap(({ file, imports }) => [file, ...imports])]);
  return [...files].map((file) => `<${file}>; rel="modulepreload"; as="script"`).join(", ");
}
