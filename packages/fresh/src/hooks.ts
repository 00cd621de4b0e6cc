import { type ComponentType, Fragment, h, options, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { islandHost, isPlain } from "./islands.ts";
import { addNonce, nonceValue, type Template } from "./nonce.ts";
import { type RenderState, renderState } from "./render_state.ts";

interface Hooks {
  /** Called by the renderer for every element before it is rendered (Preact's mangled `_diff`). */
  __b?: (vnode: VNode) => void;
}

interface ElementProps extends Partial<Template> {
  nonce?: unknown;
  children?: unknown;
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
      if (props.tpl !== undefined) prepareTemplate(props as Template, state);
    } else if (typeof type === "function") {
      prepareComponent(vnode, type as ComponentType, props, state);
    } else if (state.nonce !== null && (type === "script" || type === "style")) {
      props.nonce ??= nonceValue;
    }
  }
  before?.(vnode);
};

function prepareTemplate(props: Template, state: RenderState): void {
  if (state.nonce !== null) addNonce(props);
  const { exprs } = props;
  for (let i = 0; i < exprs.length; i++) {
    const value = exprs[i];
    if (Array.isArray(value)) exprs[i] = value.map(keepEscaped);
  }
}

/** Preact escapes the texts of a list when JSX is made and, without this, again in the HTML. */
function keepEscaped(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(keepEscaped);
  return typeof item === "string" ? jsxTemplate([item]) : item;
}

function prepareComponent(
  vnode: VNode,
  component: ComponentType,
  props: ElementProps,
  state: RenderState,
): void {
  if (state.snapshot?.islands.has(component)) {
    if (!isPlain(vnode)) vnode.type = islandHost(component) as typeof vnode.type;
  } else if (Array.isArray(props.children)) {
    // The same escaping changes a list in place: once for each time a component shows it.
    props.children = h(Fragment, null, props.children);
  }
}
