import { type ComponentType, Fragment, options, type VNode } from "preact";
import { addNonce, nonceAttribute } from "./nonce.ts";
import { islandHost, isPlain } from "./islands.ts";
import { renderState } from "./render_state.ts";

interface Hooks {
  /** Called by the renderer for every element before it is rendered (Preact's mangled `_diff`). */
  __b?: (vnode: VNode) => void;
}

interface ElementProps {
  nonce?: unknown;
  tpl?: readonly string[];
}

const hooks = options as Hooks;
const before = hooks.__b;

/**
 * Looks at each element on its way into the HTML: islands get their markers, inline scripts and
 * styles their nonce. Precompiled JSX arrives as fragments with a template.
 */
hooks.__b = (vnode) => {
  const state = renderState();
  if (state !== null) {
    const { type } = vnode;
    const props = vnode.props as ElementProps;
    if (type === Fragment) {
      if (state.nonce !== null && props.tpl !== undefined) props.tpl = addNonce(props.tpl);
    } else if (typeof type === "function") {
      const island = state.snapshot?.islands.get(type as ComponentType);
      if (island !== undefined && !isPlain(vnode)) {
        vnode.type = islandHost(type as ComponentType) as typeof vnode.type;
      }
    } else if (state.nonce !== null && (type === "script" || type === "style")) {
      props.nonce ??= nonceAttribute;
    }
  }
  before?.(vnode);
};
