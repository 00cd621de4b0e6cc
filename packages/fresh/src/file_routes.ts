import type { Command } from "./commands.ts";
import type { Middleware, Route, RouteComponent, RouteConfig } from "./types.ts";

/** What a file in the routes folder may export. */
export interface RouteModule<State> {
  config?: RouteConfig;
  handler?: Route<State>["handler"] | Middleware<State> | Middleware<State>[];
  handlers?: RouteModule<State>["handler"];
  default?: RouteComponent<State> | Middleware<State>;
}

export interface RouteFile<State> {
  /** Below the routes folder, without extension, e.g. `admin/[id]`. */
  path: string;
  module: RouteModule<State>;
}

/**
 * Turns the files of the routes folder into commands. `_app`, `_layout`, `_middleware`, `_error` and
 * `_404` come first; then the routes, the more specific one before the one that takes its paths too.
 *
 * @throws {Error} naming a file that exports nothing of use
 */
export function fileCommands<State>(files: readonly RouteFile<State>[]): Command<State>[] {
  const isSpecial = ({ path }: RouteFile<State>) => SPECIAL.has(baseOf(path));
  const routes = files.filter((file) => !isSpecial(file)).sort((a, b) =>
    compareRoutes(a.path, b.path)
  );
  return [...files.filter(isSpecial), ...routes].map(toCommand);
}

const SPECIAL = new Set(["_app", "_layout", "_middleware", "_error", "_500", "_404"]);

function toCommand<State>({ path, module }: RouteFile<State>): Command<State> {
  const handler = module.handler ?? module.handlers;
  if (handler === undefined && module.default === undefined) {
    throw new Error(`routes/${path}: exports neither a handler nor a default component`);
  }
  const segment = patternOf(folderOf(path), true);
  const component = module.default as RouteComponent<State> | undefined;
  const route = { component, config: module.config, handler } as Route<State>;
  switch (baseOf(path)) {
    case "_middleware":
      return {
        type: "middleware",
        segment,
        middlewares: [handler ?? module.default].flat() as Middleware<State>[],
      };
    case "_app":
      return { type: "app", component: component! };
    case "_layout":
      return { type: "layout", segment, component: component!, config: module.config ?? {} };
    case "_error":
    case "_500":
      return { type: "error", segment, page: route };
    case "_404":
      return { type: "notFound", page: route };
    default:
      return { type: "route", segment, pattern: patternOf(path, false), route };
  }
}

/**
 * The pattern of a file, e.g. `/blog/:slug` of `blog/[slug]`. Groups such as `(admin)` are no part
 * of an address; they stay only to tell folders apart.
 *
 * @throws {SyntaxError} when two names follow each other with nothing between
 */
export function patternOf(path: string, keepGroups: boolean): string {
  const names = path.split("/").filter((name) => name !== "");
  if (!keepGroups && names.at(-1) === "index") names.pop();
  let pattern = "";
  for (const name of names) {
    if (name.includes("][")) throw new SyntaxError(`Ambiguous names in the route file "${path}"`);
    if (isGroup(name)) {
      if (keepGroups) pattern += `/${name}`;
    } else if (/^\[\.\.\.[^\]]+\]$/.test(name)) {
      pattern += `/:${name.slice(4, -1)}*`;
    } else if (/^\[\[[^\]]+\]\]$/.test(name)) {
      pattern += `{/:${name.slice(2, -2)}}?`;
    } else {
      pattern += `/${name.replace(/\[([^\]]+)\]/g, ":$1")}`;
    }
  }
  return pattern || "/";
}

/** Sorts literal names before dynamic ones, and `[...rest]` last. */
export function compareRoutes(a: string, b: string): number {
  const as = a.split("/").filter((name) => !isGroup(name));
  const bs = b.split("/").filter((name) => !isGroup(name));
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const order = rank(as[i]!) - rank(bs[i]!);
    if (order !== 0) return order;
    if (as[i] !== bs[i]) return as[i]! < bs[i]! ? -1 : 1;
  }
  return bs.length - as.length;
}

function rank(name: string): number {
  if (name.startsWith("[...")) return 4;
  if (name.startsWith("[[")) return 3;
  if (name.startsWith("[")) return 2;
  return name.includes("[") ? 1 : 0;
}

function isGroup(name: string): boolean {
  return name.startsWith("(") && name.endsWith(")");
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
