import type { Command } from "./commands.ts";
import type { Middleware, Route, RouteComponent, RouteConfig } from "./context.ts";
import { METHODS } from "./handlers.ts";

/** What a file in the routes folder may export. */
export interface RouteModule<State> {
  config?: RouteConfig;
  handler?: Route<State>["handler"] | Middleware<State> | Middleware<State>[];
  handlers?: RouteModule<State>["handler"];
  default?: RouteComponent<State> | Middleware<State> | Middleware<State>[];
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
 * @throws {TypeError} naming a file and what is wrong with its exports
 */
export function fileCommands<State>(files: readonly RouteFile<State>[]): Command<State>[] {
  const isSpecial = ({ path }: RouteFile<State>) => SPECIAL.has(baseOf(path));
  const routes = files.filter((file) => !isSpecial(file)).sort((a, b) =>
    compareRoutes(a.path, b.path)
  );
  return [...files.filter(isSpecial), ...routes].map(toCommand);
}

const SPECIAL = new Set(["_app", "_layout", "_middleware", "_error", "_500", "_404"]);

/**
 * Checks what can be told of a file of the routes folder without running it.
 *
 * @param path as in {@linkcode RouteFile}
 * @param exports the names it exports
 * @throws {TypeError} naming the file, when what it is for is missing
 */
export function checkExports(path: string, exports: readonly string[]): void {
  const has = (...names: string[]) => names.some((name) => exports.includes(name));
  const isWrapper = ["_app", "_layout"].includes(baseOf(path));
  if (isWrapper && !has("default")) throw wrong(path, "exports no default component");
  if (isWrapper && has("handler", "handlers")) throw wrong(path, "exports a handler, and has none");
  if (!has("default", "handler", "handlers")) {
    throw wrong(path, "exports neither a handler nor a default component");
  }
}

function wrong(path: string, what: string): TypeError {
  return new TypeError(`routes/${path}: ${what}`);
}

/** Checks the kinds of what a file exports; see {@linkcode checkExports}. */
function checkModule<State>({ path, module }: RouteFile<State>): void {
  const names = Object.keys(module) as (keyof RouteModule<State>)[];
  checkExports(path, names.filter((name) => module[name] !== undefined));
  const { default: component, handler = module.handlers, config } = module;
  const isFunction = (value: unknown) => typeof value === "function";
  if (baseOf(path) === "_middleware") {
    if ([handler ?? component].flat().every(isFunction)) return;
    throw wrong(path, "exports something else than a middleware, or a list of them");
  }
  if (component !== undefined && !isFunction(component)) {
    throw wrong(path, "its default export is no component");
  }
  if (config !== undefined && (typeof config !== "object" || config === null)) {
    throw wrong(path, "its config is no object");
  }
  if (handler === undefined || isFunction(handler)) return;
  const known: readonly string[] = METHODS;
  const byMethod = typeof handler === "object" ? Object.entries(handler ?? {}) : [];
  if (
    byMethod.length === 0 || !byMethod.every(([m, run]) => known.includes(m) && isFunction(run))
  ) {
    throw wrong(path, `its handler is neither a function nor functions by method (${known})`);
  }
}

function toCommand<State>(file: RouteFile<State>): Command<State> {
  checkModule(file);
  const { path, module } = file;
  const handler = module.handler ?? module.handlers;
  const component = module.default as RouteComponent<State>;
  const segment = patternOf(folderOf(path), true);
  const route = { component, config: module.config, handler } as Route<State>;
  switch (baseOf(path)) {
    case "_middleware": {
      const middlewares = [handler ?? module.default].flat() as Middleware<State>[];
      return { type: "middleware", segment, middlewares };
    }
    case "_app":
      return { type: "app", segment, component };
    case "_layout":
      return { type: "layout", segment, component, config: module.config ?? {} };
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
 * @throws {SyntaxError} on two names with nothing between, and on `[[optional]]` ones
 */
export function patternOf(path: string, keepGroups: boolean): string {
  const names = path.split("/").filter((name) => name !== "");
  if (!keepGroups && names.at(-1) === "index") names.pop();
  let pattern = "";
  for (const name of names) {
    if (/\]\[|\[\[/.test(name)) throw new SyntaxError(`routes/${path}: unclear names "${name}"`);
    if (isGroup(name)) {
      if (keepGroups) pattern += `/${name}`;
    } else if (/^\[\.\.\.[^\]]+\]$/.test(name)) {
      pattern += `/:${name.slice(4, -1)}*`;
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
  if (name.startsWith("[...")) return 3;
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
