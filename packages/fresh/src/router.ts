import type { Method } from "./handlers.ts";
import { compilePattern, isDynamic } from "./pattern.ts";

/** What is registered under one pattern: a target for each method. */
export interface RouteEntry<T> {
  pattern: string;
  targets: Map<string, T>;
}

export interface RouteMatch<T> {
  entry: RouteEntry<T>;
  params: Record<string, string>;
}

interface DynamicRoute<T> {
  entry: RouteEntry<T>;
  regexp: RegExp;
  names: string[];
  /** The text of the first segment, or null when it is itself dynamic. */
  first: string | null;
}

const NO_PARAMS: Record<string, string> = Object.freeze(Object.create(null));

/**
 * Finds the route of a path. Static routes are one hash lookup. Dynamic ones are tried in the order
 * they were added, but only those whose first segment can match: they are kept in buckets by it.
 */
export class Router<T> {
  readonly #static = new Map<string, RouteEntry<T>>();
  readonly #dynamic = new Map<string, DynamicRoute<T>>();
  #buckets: Map<string, DynamicRoute<T>[]> | null = null;
  #wild: DynamicRoute<T>[] = [];

  /** Registers a target; the first one registered for a method and pattern stays. */
  add(methods: readonly Method[], pattern: string, target: T): void {
    const entry = isDynamic(pattern) ? this.#dynamicEntry(pattern) : this.#staticEntry(pattern);
    for (const method of methods) {
      if (!entry.targets.has(method)) entry.targets.set(method, target);
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
    const firsts = new Set(routes.map((route) => route.first));
    const buckets = new Map<string, DynamicRoute<T>[]>();
    for (const first of firsts) {
      if (first === null) continue;
      buckets.set(first, routes.filter((r) => r.first === first || r.first === null));
    }
    this.#wild = routes.filter((route) => route.first === null);
    return buckets;
  }
}

function readParams(names: string[], found: RegExpExecArray): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (let i = 0; i < names.length; i++) {
    const value = found[i + 1];
    params[names[i]!] = value === undefined ? "" : decodeURI(value);
  }
  return params;
}
