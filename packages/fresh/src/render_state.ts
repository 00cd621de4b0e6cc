import type { Build, Island } from "./build.ts";

/** An island met while rendering, with the JavaScript of the props it is to start with. */
export interface IslandUse {
  island: Island;
  props: string;
}

/** What is learned about a page while it is rendered. */
export class RenderState {
  readonly uses: IslandUse[] = [];
  /** Whether a `<Head>` was rendered. */
  hasHead = false;

  constructor(readonly build: Build | null, readonly nonce: string | null) {}
}

let current: RenderState | null = null;

/** Rendering is synchronous, so one page at a time has the state. */
export function withRenderState<T>(state: RenderState, render: () => T): T {
  const outer = current;
  current = state;
  try {
    return render();
  } finally {
    current = outer;
  }
}

/** The page being rendered, or null outside of rendering. */
export function renderState(): RenderState | null {
  return current;
}
