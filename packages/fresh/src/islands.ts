import { type ComponentType, createContext, h, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderState } from "./render_state.ts";

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

      const index = state.uses.push({ island, props }) - 1;
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
