import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { lockedPath } from "../asset.ts";
import { HEAD_END, HEAD_START } from "../head.ts";
import { renderState } from "../render_state.ts";
import { currentBuildId } from "../snapshot.ts";

/** True in the browser; the bundle of an island has the constant `true` instead. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/**
 * The address of a static file for this build, which browsers may keep for a year.
 *
 * @example
 * <link rel="stylesheet" href={asset("/styles.css")} />
 */
export function asset(path: string): string {
  const buildId = currentBuildId();
  return buildId === null ? path : lockedPath(path, buildId);
}

export interface HeadProps {
  children?: ComponentChildren;
}

/** Adds its children to the document's head. */
export function Head({ children }: HeadProps): VNode | null {
  const state = renderState();
  if (state === null) return null;
  state.hasHead = true;
  return jsxTemplate([HEAD_START, HEAD_END], h(Fragment, null, children) as VNode);
}
