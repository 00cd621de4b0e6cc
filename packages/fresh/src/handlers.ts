/** The methods a handler can be given for. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
export type Method = typeof METHODS[number];

/** Status and headers of a page. */
export interface PageOptions {
  status?: number;
  headers?: HeadersInit;
}

/** What a handler returns to have its page component rendered with `data`. */
export interface PageResponse<T> extends PageOptions {
  data: T;
}

/**
 * Lets the route's component render, with data for its `props.data`.
 *
 * @example
 * export const handler = define.handlers({
 *   GET: () => page({ title: "Habilita" }, { status: 200 }),
 * });
 */
export function page<T = undefined>(data?: T, options?: PageOptions): PageResponse<T> {
  return { ...options, data: data as T };
}
