import type { Method } from "./handlers.ts";

/** What is registered under one pattern: a target for each method. */
export interface RouteEntry<T> {
  pattern: string;
  targets: Map<string, T>;
}

export interface RouteMatch<T> {
  entry: RouteEntry<T>;
  /** Frozen: a route's own, or the one that all routes without names share. */
  params: Record<string, string>;
}

interface DynamicRoute<T> {
  entry: RouteEntry<T>;
  /** Its group i belongs to `names[i]`. */
  regexp: RegExp;
  names: string[];
  /** The text of the first segment, or null when it is itself dynamic. */
  first: string | null;
}

export const NO_PARAMS: Record<string, string> = Object.freeze(Object.create(null));

/**
 * Finds the route of a path. Static routes are one hash lookup. Dynamic ones are tried in the order
 * they were added, but only those whose first segment can match: they are kept in buckets by it.
 */
export class Router<T> {
  readonly #static = new Map<string, RouteEntry<T>>();
  readonly #dynamic = new Map<string, DynamicRoute<T>>();
  #buckets: Map<string, DynamicRoute<T>[]> | null = null;
  #wild: DynamicRoute<T>[] = [];

  /**
   * Registers a target; the first one registered for a method and pattern stays.
   *
   * @throws {SyntaxError} when the pattern is malformed
   */
  add(methods: readonly Method[], pattern: string, target: T): void {
    const { targets } = DYNAMIC.test(pattern)
      ? this.#dynamicEntry(pattern)
      : this.#staticEntry(pattern);
    for (const method of methods) {
      if (!targets.has(method)) targets.set(method, target);
    }
  }

  /** @param pathname percent-encoded, with well-formed escapes */
  match(pathname: string): RouteMatch<T> | null {
    const entry = this.#static.get(pathname);
    if (entry !== undefined) return { entry, params: NO_PARAMS };

    this.#buckets ??= this.#fillBuckets();
    const end = pathname.indexOf("/", 1);
    const first = pathname.slice(1, end === -1 ? pathname.length : end);
    for (const route of this.#buckets.get(first) ?? this.#wild) {
      const found = route.regexp.exec(pathname);
      if (found !== null) return { entry: route.entry, params: readParams(route.names, found) };
    }
    return null;
  }

  #staticEntry(pattern: string): RouteEntry<T> {
    // Paths arrive percent-encoded, patterns are written as people read them.
    const path = new URL(pattern, "http://localhost").pathname;
    let entry = this.#static.get(path);
    if (entry === undefined) this.#static.set(path, entry = { pattern, targets: new Map() });
    return entry;
  }

  #dynamicEntry(text: string): RouteEntry<T> {
    const pattern = text.replace(/[^ -~]+/g, encodeURI);
    let route = this.#dynamic.get(pattern);
    if (route === undefined) {
      const literal = /^\/([^/*:{}()?+]+)(?=\/)/.exec(pattern);
      route = {
        entry: { pattern: text, targets: new Map() },
        ...compilePattern(pattern),
        first: literal?.[1] ?? null,
      };
      this.#dynamic.set(pattern, route);
      this.#buckets = null;
    }
    return route.entry;
  }

  /** Every bucket also holds the routes that begin dynamically, so that the order is kept. */
  #fillBuckets(): Map<string, DynamicRoute<T>[]> {
    const routes = [...this.#dynamic.values()];
    this.#wild = routes.filter((route) => route.first === null);
    const firsts = routes.map((route) => route.first).filter((first) => first !== null);
    return new Map(
      firsts.map((name) => [name, routes.filter((r) => r.first === name || r.first === null)]),
    );
  }
}

function readParams(names: string[], found: RegExpExecArray): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (let i = 0; i < names.length; i++) {
    const value = found[i + 1];
    params[names[i]!] = value === undefined ? "" : decodeURI(value);
  }
  return Object.freeze(params);
}

/** What makes a pattern one to be matched; all others are looked up as they stand. */
const DYNAMIC = /[*:{}()?+]/;
const NAMES = /\/:([A-Za-z_$][\w$]*)\*|:([A-Za-z_$][\w$]*)|\*/g;

/**
 * Compiles what file names can express of the URL Pattern syntax: `/:name`, `/:name*` and `*`. As
 * there, a star takes the slash before the name with it (`/old/:path*` matches `/old`), and a name
 * without one matches up to the next slash.
 *
 * @throws {SyntaxError} on a missing name, and on modifiers, groups and expressions
 */
export function compilePattern(pattern: string): { regexp: RegExp; names: string[] } {
  const names: string[] = [];
  let source = "";
  let at = 0;
  const literal = (end?: number) => {
    const text = pattern.slice(at, end);
    if (DYNAMIC.test(text)) throw new SyntaxError(`Invalid route pattern "${pattern}"`);
    source += text.replace(/[.^$|[\]\\]/g, "\\$&");
  };
  for (const { 0: token, 1: rest, 2: name, index } of pattern.matchAll(NAMES)) {
    literal(index);
    at = index + token.length;
    names.push(rest ?? name ?? String(names.length));
    if (rest !== undefined) source += "(?:/([^/]+(?:/[^/]+)*))?";
    else source += name === undefined ? "(.*)" : "([^/]+?)";
  }
  literal();
  return { regexp: new RegExp(`^${source}$`), names };
}
