import { type ComponentType, createContext, h, isValidElement, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { DevalueError, uneval } from "devalue";
import { renderState } from "./render_state.ts";
import type { Island } from "./snapshot.ts";

const InsideIsland = createContext(false);
const plain = new WeakSet<VNode>();
const hosts = new WeakMap<ComponentType, ComponentType>();

/** Whether an element is to be rendered as it is, though its component is an island. */
export function isPlain(vnode: VNode): boolean {
  return plain.has(vnode);
}

/**
 * The component rendered in place of an island: the island between two comments, by which the
 * browser finds it. An island inside another one belongs to that one and gets none.
 */
export function islandHost(component: ComponentType): ComponentType {
  let host = hosts.get(component);
  if (host === undefined) {
    host = function IslandHost(props) {
      const nested = useContext(InsideIsland);
      const content = h(component, props) as VNode & { __m?: [number, number] };
      plain.add(content);
      const state = renderState();
      const island = state?.snapshot?.islands.get(component);
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
 * @throws {TypeError} naming the island and the prop, when one is JSX or cannot be written
 */
function serialise(island: Island, props: object): string {
  for (const [name, value] of Object.entries(props)) {
    const values = Array.isArray(value) ? value : [value];
    if (values.some((item) => isValidElement(item))) {
      throw new TypeError(
        `Island ${island.name}: the prop "${name}" holds JSX, which is not sent to the browser`,
      );
    }
  }
  try {
    return uneval(props);
  } catch (error) {
    if (!(error instanceof DevalueError)) throw error;
    throw new TypeError(
      `Island ${island.name}: the prop "${error.path.slice(1)}" cannot be sent to the browser`,
      { cause: error },
    );
  }
}
