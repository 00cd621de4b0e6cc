import { renderState } from "./render_state.ts";

/**
 * Stands for the nonce of whatever page is being rendered. Elements outlive a request when a module
 * keeps them, so they must not hold the value itself; the renderer turns this into text.
 */
export const nonceValue = {
  toString: (): string => renderState()?.nonce ?? "",
};

const nonceInTag = {
  toString: (): string => ` nonce="${nonceValue}"`,
};

/** The props of an element that stands for precompiled JSX: fixed parts and what is between them. */
export interface Template {
  tpl: Parts;
  exprs: unknown[];
}

/** The fixed parts, with what was found out about them: null when there is no tag of interest. */
interface Parts extends Array<string> {
  [SPLIT]?: { parts: Parts; pieces: number[] } | null;
}

const SPLIT = Symbol("split at script and style tags");
const AFTER_TAG = /(?<=<(?:script|style))(?=[\s>])(?![^>]*\snonce=)/;

/**
 * Gives the `<script>` and `<style>` tags in the fixed part of precompiled JSX their nonce. Only
 * that part is source code; values are never searched, so injected markup gains nothing from it.
 */
export function addNonce(props: Template): void {
  let split = props.tpl[SPLIT];
  if (split === undefined) split = props.tpl[SPLIT] = splitParts(props.tpl);
  if (split === null) return;
  const { exprs } = props;
  props.tpl = split.parts;
  props.exprs = split.pieces.flatMap((pieces, i) => [
    ...Array(pieces - 1).fill(nonceInTag),
    exprs[i] ?? null,
  ]);
}

function splitParts(tpl: readonly string[]): { parts: Parts; pieces: number[] } | null {
  const split = tpl.map((part) => part.split(AFTER_TAG));
  if (split.every((pieces) => pieces.length === 1)) return null;
  return { parts: split.flat(), pieces: split.map((pieces) => pieces.length) };
}
