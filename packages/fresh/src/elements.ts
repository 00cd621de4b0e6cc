import { type ComponentType, createContext, h, isValidElement, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { DevalueError, uneval } from "devalue";
import type { Island } from "./build.ts";
import { renderState } from "./render_state.ts";

interface Hooks {
  /** Called by the renderer for every element before it is rendered (Preact's mangled `_diff`). */
  __b?: (vnode: VNode) => void;
}

const hooks = options as Hooks;
const before = hooks.__b;

/**
 * Looks at each element on its way into the HTML: islands get their markers, inline scripts and
 * styles their nonce.
 */
hooks.__b = (vnode) => {
  const state = renderState();
  if (state !== null) {
    const { type } = vnode;
    if (typeof type === "function") {
      if (state.build?.islands.has(type as ComponentType) && !plain.has(vnode)) {
        vnode.type = islandHost(type as ComponentType) as typeof vnode.type;
      }
    } else if (state.nonce !== null && (type === "script" || type === "style")) {
      (vnode.props as { nonce?: unknown }).nonce ??= nonceValue;
    }
  }
  before?.(vnode);
};

/**
 * Stands for the nonce of whatever page is being rendered. Elements outlive a request when a module
 * keeps them, so they must not hold the value itself; the renderer turns this into text.
 */
const nonceValue = { toString: (): string => renderState()?.nonce ?? "" };

const InsideIsland = createContext(false);
/** Elements to be rendered as they are, though their component is an island. */
const plain = new WeakSet<VNode>();
const hosts = new WeakMap<ComponentType, ComponentType>();

/**
 * The component rendered in place of an island: the island between two comments, by which the
 * browser finds it. An island inside another one belongs to that one and gets none.
 */
function islandHost(component: ComponentType): ComponentType {
  let host = hosts.get(component);
  if (host === undefined) {
    host = function IslandHost(props) {
      const nested = useContext(InsideIsland);
      const content = h(component, props) as VNode & { __m?: [number, number] };
      plain.add(content);
      const state = renderState();
      const island = state?.build?.islands.get(component);
      if (nested || !state || !island) return content;

      const index = state.uses.push({ island, props: serialise(island, props) }) - 1;
      // Where `useId` starts to count (Preact's mangled `_mask`); the browser sets the same.
      content.__m = [index + 1, 0];
      return jsxTemplate(
        [`<!--frsh:${index}-->`, "<!--/frsh-->"],
        h(InsideIsland.Provider, { value: true }, content),
      );
    };
    hosts.set(component, host);
  }
  return host;
}

/**
 * JavaScript that makes the props anew; `<` is escaped, so no value can end the script it is in.
 *
 * @throws {TypeError} naming the island and the prop that cannot be written
 */
function serialise(island: Island, props: object): string {
  try {
    return uneval(props, refuse);
  } catch (cause) {
    const reasons = Object.entries(props).map(([name, value]) => whyRefused(name, value));
    const reason = reasons.find((reason) => reason !== null) ?? "its props cannot be sent";
    throw new TypeError(`Island ${island.name}: ${reason}`, { cause });
  }
}

/** A value that is no data, though it could be written like a plain object. */
class NoData extends Error {}

function refuse(value: object): void {
  if (isValidElement(value) && "props" in value) {
    throw new NoData("holds JSX, which is not sent to the browser");
  }
  // The mark that every signal of @preact/signals carries.
  if ("brand" in value && value.brand === Symbol.for("preact-signals")) {
    throw new NoData("is or holds a signal, which is not sent to the browser: pass its value");
  }
}

function whyRefused(name: string, value: unknown): string | null {
  try {
    uneval(value, refuse);
    return null;
  } catch (error) {
    if (error instanceof NoData) return `the prop "${name}" ${error.message}`;
    const path = error instanceof DevalueError ? error.path : "";
    return `the prop "${name}${path}" cannot be sent to the browser: ${(error as Error).message}`;
  }
}
