import type { FunctionComponent, VNode } from "preact";
import { renderPage } from "./render.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Scope } from "./tree.ts";
import type { LayoutConfig, ResolvedFreshConfig } from "./types.ts";

/** What belongs to a request but not to its handlers; read and written within this package. */
export interface Internals<State> {
  scope: Scope<State>;
  readonly snapshot: Snapshot<State> | null;
  /** Set by `csp()`: the value that inline scripts and styles of this response must carry. */
  nonce: string | null;
}

export let internals: <State>(ctx: Context<State>) => Internals<State>;

/** One request on its way through middlewares and handlers. */
export class Context<State> {
  readonly #internals: Internals<State>;

  readonly config: ResolvedFreshConfig;
  /** The address asked for, with repeated slashes of its path made one. */
  readonly url: URL;
  readonly req: Request;
  /** The pattern that matched, or null. */
  readonly route: string | null;
  /** The decoded values of the pattern's names; `""` for an optional one that is absent. */
  readonly params: Record<string, string>;
  /** Shared by all middlewares and handlers of this request. */
  readonly state: State = {} as State;
  /** What the handler gave to `page()`. */
  data: unknown = undefined;
  /** What was thrown, while an error page is made. */
  error: unknown | null = null;
  readonly info: Deno.ServeHandlerInfo;
  /** Runs what comes next; resolves to a response also when that throws. */
  next!: () => Promise<Response>;
  /** The content of a layout or of the app wrapper. */
  Component!: FunctionComponent;

  static {
    internals = (ctx) => ctx.#internals;
  }

  constructor(
    req: Request,
    url: URL,
    info: Deno.ServeHandlerInfo,
    route: string | null,
    params: Record<string, string>,
    config: ResolvedFreshConfig,
    internals: Internals<State>,
  ) {
    this.req = req;
    this.url = url;
    this.info = info;
    this.route = route;
    this.params = params;
    this.config = config;
    this.#internals = internals;
  }

  /**
   * A redirect. A path keeps to this site: `//evil.example` becomes `/evil.example`.
   *
   * @example
   * return ctx.redirect("/painel", 303);
   */
  redirect(pathOrUrl: string, status = 302): Response {
    // Browsers drop control characters, and read a backslash as a slash: "/\t/evil.example".
    let location = pathOrUrl.replace(/\p{Cc}+/gu, "");
    if (/^[/\\]/.test(location)) {
      const end = location.search(/[?#]/);
      const path = end === -1 ? location : location.slice(0, end);
      location = path.replace(/[/\\]+/g, "/") + location.slice(path.length);
    }
    location = location.toWellFormed().replace(/[^!-~]+/g, encodeURIComponent);
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside the layouts and the app wrapper that apply here. */
  // deno-lint-ignore no-explicit-any
  render(vnode: VNode<any> | null, init?: ResponseInit, config?: LayoutConfig): Promise<Response> {
    return renderPage(this, this.#internals, vnode, init, config);
  }

  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}

/** @deprecated Use `Context`. */
export type FreshContext<State = unknown> = Context<State>;
