import { renderState } from "./render_state.ts";

/**
 * Stands for the nonce of whatever page is being rendered. Elements outlive a request when a module
 * keeps them, so they must not hold the value itself; the renderer turns this into text.
 */
export const nonceAttribute = {
  toString: (): string => renderState()?.nonce ?? "",
};

const withNonce = new WeakMap<readonly string[], readonly string[]>();

/**
 * Gives the `<script>` and `<style>` tags in the fixed part of precompiled JSX their nonce. Only
 * that part is source code; values are never searched, so injected markup gains nothing from it.
 */
export function addNonce(template: readonly string[]): readonly string[] {
  const nonce = nonceAttribute.toString();
  let marked = withNonce.get(template);
  if (marked === undefined) {
    marked = template.map(markTags);
    withNonce.set(template, marked.some((part, i) => part !== template[i]) ? marked : template);
    marked = withNonce.get(template)!;
  }
  if (marked === template) return template;
  return marked.map((part) => part.replaceAll(PLACE, nonce));
}

const PLACE = "\0nonce\0";

function markTags(part: string): string {
  return part.replace(/<(script|style)(?=[\s>])(?![^>]*\snonce=)/g, `<$1 nonce="${PLACE}"`);
}
