import { type ComponentType, h, render, type VNode } from "preact";

/**
 * Starts the islands of a page. The n-th use belongs to the comment `frsh:n`; it says which of
 * `components` it is and with which props.
 */
export function boot(components: ComponentType[], uses: [number, object][]): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const comments: Comment[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode as Comment);

  let start: Text | null = null;
  let index = 0;
  for (const comment of comments) {
    if (comment.data.startsWith("frsh:")) {
      index = Number(comment.data.slice(5));
      start = hide(comment);
    } else if (comment.data === "/frsh" && start !== null) {
      const [component, props] = uses[index]!;
      const vnode = h(components[component]!, props) as VNode & { __m?: [number, number] };
      // As on the server: ids made by `useId` begin with the number of the island.
      vnode.__m = [index + 1, 0];
      const container = between(start, hide(comment));
      start = null;
      try {
        render(vnode, container);
      } catch (error) {
        // The other islands can still start.
        console.error(error);
      }
    }
  }
}

/** Preact steps over comments when it looks for a place to insert at, but not over text. */
function hide(comment: Comment): Text {
  const text = new Text("");
  comment.replaceWith(text);
  return text;
}

/** The nodes between two others, in the form of a parent element that Preact can render into. */
function between(start: Text, end: Text): Element {
  const parent = start.parentNode as Element;
  const nodes = () => {
    const list: ChildNode[] = [];
    for (let node = start.nextSibling; node && node !== end; node = node.nextSibling) {
      list.push(node);
    }
    return list;
  };
  return {
    nodeType: 1,
    namespaceURI: parent.namespaceURI,
    parentNode: parent,
    get firstChild() {
      return nodes()[0] ?? null;
    },
    get childNodes() {
      return nodes();
    },
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? end),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
  } as unknown as Element;
}
