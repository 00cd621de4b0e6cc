import { childrenOf, type Node, parseSource } from "./source.ts";

/** What kinds of change there are. */
export const OPERATORS = ["guard", "compare", "constant", "await", "arguments"] as const;
export type Operator = typeof OPERATORS[number];

/** One change of one place of a file. */
export interface Mutant {
  file: string;
  /** Counts from 1. */
  line: number;
  operator: Operator;
  /** The text between `start` and `end` (UTF-16 units) becomes `replacement`. */
  start: number;
  end: number;
  replacement: string;
}

const FLIPPED: Record<string, readonly string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "==": ["!="],
  "!=": ["=="],
};

/** Calls whose result does not depend on the order of what they are given. */
const COMMUTATIVE = /^(Math\.(max|min)|timingSafeEqual|same[A-Z]\w*|equal\w*)$/;

/**
 * Every mutant of a file, in the order of the text. Left out is what no test could see: types,
 * what goes to the console, the texts of errors, `return await` outside of `try`, and the order of
 * arguments where there is none.
 *
 * @example findMutants("a.ts", "if (a < 1) return;").map((mutant) => mutant.operator)
 * // guard, compare, compare, constant, constant
 */
export function findMutants(file: string, text: string): Mutant[] {
  const found: Mutant[] = [];
  visit(parseSource(file, text), [], (node, parents) => {
    for (const change of changesOf(node, parents, text)) {
      const [operator, { start, end }, replacement] = change;
      if (text.slice(start, end) === replacement) continue;
      found.push({ file, line: lineAt(text, start), operator, start, end, replacement });
    }
  });
  return found;
}

/** The text of a file with one mutant in it. */
export function applyMutant(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** The lines that a mutant changes, before (`-`) and after (`+`). */
export function diffOf(text: string, mutant: Mutant): string {
  const from = text.lastIndexOf("\n", mutant.start - 1) + 1;
  const newline = text.indexOf("\n", mutant.end);
  const to = newline < 0 ? text.length : newline;
  const changed = text.slice(from, mutant.start) + mutant.replacement + text.slice(mutant.end, to);
  const marked = (lines: string, mark: string) =>
    lines.split("\n").filter((line) => line.trim()).map((line) => `${mark} ${line}`);
  return [...marked(text.slice(from, to), "-"), ...marked(changed, "+")].join("\n");
}

type Range = Pick<Node, "start" | "end">;
type Change = [operator: Operator, range: Range, replacement: string];

function visit(
  node: Node,
  parents: readonly Node[],
  onNode: (node: Node, parents: readonly Node[]) => void,
): void {
  if (isUnseen(node)) return;
  onNode(node, parents);
  for (const child of childrenOf(node)) visit(child, [...parents, node], onNode);
}

/** Types, what goes to the console, and the texts of errors. */
function isUnseen(node: Node): boolean {
  if (/^TS/.test(node.type)) return !/^TS(\w+Expression|ParameterProperty)$/.test(node.type);
  if (node.type === "NewExpression") return /Error$/.test(calleeOf(node));
  return node.type === "CallExpression" && calleeOf(node).startsWith("console.");
}

function changesOf(node: Node, parents: readonly Node[], text: string): Change[] {
  const textOf = ({ start, end }: Range) => text.slice(start, end);
  const flip = (operator: string): Change => [
    "compare",
    operatorRange(node, text),
    operator,
  ];
  switch (node.type) {
    case "IfStatement":
      return !node.alternate && leaves(node.consequent) ? [["guard", node, "{}"]] : [];
    case "LogicalExpression": {
      if (node.operator === "??") return [];
      const flipped = flip(node.operator === "&&" ? "||" : "&&");
      if (node.operator === "||" || !isCondition(node.right)) return [flipped];
      return [["guard", node, textOf(node.left)], flipped];
    }
    case "BinaryExpression":
      return (FLIPPED[node.operator] ?? []).map(flip);
    case "UnaryExpression":
      return node.operator === "!" ? [["compare", node, textOf(node.argument)]] : [];
    case "NumericLiteral": {
      const parent = parents.at(-1);
      if (parent?.key === node && !parent.computed) return [];
      return [1, -1].map((
        step,
      ) => ["constant", node, `${node.value + step}`.replace(/^-.*/, "($&)")]);
    }
    case "AwaitExpression":
      return isPassedOn(node, parents) ? [] : [["await", node, textOf(node.argument)]];
    case "CallExpression":
    case "NewExpression":
      return COMMUTATIVE.test(calleeOf(node)) ? [] : swapped(node.arguments, textOf);
    default:
      return [];
  }
}

/** Does a statement end what it stands in? */
function leaves(statement: Node): boolean {
  const last = statement.type === "BlockStatement" ? statement.body.at(-1) : statement;
  return /^(Return|Throw|Continue|Break)Statement$/.test(last?.type);
}

/** `x && {…}` and `x && <p/>` choose a value: without it nothing of the kind would be left. */
function isCondition({ type, expression }: Node): boolean {
  if (type === "ParenthesizedExpression") return isCondition(expression);
  return !/^(Object|Array|String|Template|JSX)/.test(type);
}

/** Where the operator of a node with two sides stands. */
function operatorRange(node: Node, text: string): Range {
  const start = text.indexOf(node.operator, node.left.end);
  return { start, end: start + node.operator.length };
}

/** The promise is returned as it is: whoever called waits for it all the same. */
function isPassedOn(node: Node, parents: readonly Node[]): boolean {
  const parent = parents.at(-1);
  if (parent?.type === "ArrowFunctionExpression") return parent.body === node;
  if (parent?.type !== "ReturnStatement") return false;
  const own = parents.slice(parents.findLastIndex(({ type }) => /Function|Method/.test(type)));
  return !own.some(({ type }) => type === "TryStatement");
}

function swapped(list: readonly Node[], textOf: (range: Range) => string): Change[] {
  return list.slice(1).flatMap((second, i): Change[] => {
    const first = list[i]!;
    if ([first, second].some(({ type }) => type === "SpreadElement")) return [];
    const between = textOf({ start: first.end, end: second.start });
    return [[
      "arguments",
      { start: first.start, end: second.end },
      textOf(second) + between + textOf(first),
    ]];
  });
}

/** `name` or `object.name`; empty for what is no plain name. */
function calleeOf({ callee }: Node): string {
  const { type, name, object, property } = callee;
  if (type === "Identifier") return name;
  return type === "MemberExpression" && object.name ? `${object.name}.${property.name}` : "";
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
