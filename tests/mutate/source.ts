import { parse, type ParserPlugin } from "@babel/parser";

/** A node of the syntax tree: what is asked of all of them, and the fields of the kind. */
export interface Node {
  type: string;
  /** Where its text begins and ends, in UTF-16 units. */
  start: number;
  end: number;
  loc: { start: { line: number } };
  // deno-lint-ignore no-explicit-any -- each kind of node has fields of its own
  [field: string]: any;
}

/**
 * The syntax tree of a TypeScript file. Parentheses are nodes of their own, so that the text of a
 * node is all that belongs to it.
 *
 * @param file path; `.tsx` is read with JSX
 * @throws SyntaxError for a text that is no module
 */
export function parseSource(file: string, text: string): Node {
  const plugins: ParserPlugin[] = file.endsWith(".tsx") ? ["typescript", "jsx"] : ["typescript"];
  const tree = parse(text, { sourceType: "module", plugins, createParenthesizedExpressions: true });
  return tree.program as unknown as Node;
}

/** The nodes directly below one, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [field, value] of Object.entries(node)) {
    if (/comments$/i.test(field)) continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each && typeof each.type === "string" && typeof each.start === "number") {
        children.push(each);
      }
    }
  }
  return children.sort((one, other) => one.start - other.start);
}
