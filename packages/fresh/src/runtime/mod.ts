import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { HEAD_END, HEAD_START } from "../head.ts";
import { renderState } from "../render_state.ts";

export { asset } from "../asset.ts";

/** True in the browser; the bundle of an island has the constant `true` instead. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

export interface HeadProps {
  children?: ComponentChildren;
}

/** Adds its children to the document's head, on the server; see the README for what replaces what. */
export function Head({ children }: HeadProps): VNode | null {
  const state = renderState();
  if (state === null) return null;
  state.hasHead = true;
  return jsxTemplate([HEAD_START, HEAD_END], h(Fragment, null, children) as VNode);
}
