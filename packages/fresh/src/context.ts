import type { AnyComponent, FunctionComponent, RenderableProps, VNode } from "preact";
import type { Build } from "./build.ts";
import type { Method, PageResponse } from "./handlers.ts";

/** Options of `new App()`. */
export interface FreshConfig {
  mode?: "development" | "production";
}

/** `ctx.config` and `app.config`. */
export interface ResolvedFreshConfig {
  /** The project's directory; set when a build is applied. */
  root: string;
  mode: "development" | "production";
}

/** Answers a request, or passes it on with `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** Answers a request with a response, or with data for the page component. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** One handler per HTTP method; HEAD is answered from GET when it has none of its own. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** One function for every method, or one for each. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** What page, layout and app components are given. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<
    Context<State>,
    "config" | "url" | "req" | "params" | "info" | "state" | "error" | "route"
  >
  & {
    data: Data;
    /** The content of a layout or of the app wrapper. */
    Component: FunctionComponent;
  };

/** A component that is awaited before rendering starts; it may answer with a response instead. */
export type AsyncAnyComponent<P> = (
  props: RenderableProps<P>,
  // deno-lint-ignore no-explicit-any
) => Promise<VNode<any> | Response | null>;

/** A page, a layout or the app wrapper; it may be an {@linkcode AsyncAnyComponent}. */
export type RouteComponent<State> = AnyComponent<PageProps<unknown, State>>;

/** What is left out around a page. */
export interface LayoutConfig {
  /** Leaves out the layouts of the folders above. */
  skipInheritedLayouts?: boolean;
  /** Leaves out `_app`. */
  skipAppWrapper?: boolean;
}

/** What a file of the routes folder may export as `config`. */
export interface RouteConfig extends LayoutConfig {
  /** The route's pattern instead of the one its file name gives, e.g. `/x/:module@:version`. */
  routeOverride?: string;
}

/** A page: a handler, a component, or both. */
export interface Route<State> {
  component?: RouteComponent<State>;
  config?: RouteConfig;
  handler?: RouteHandler<unknown, State>;
}

/** What surrounds the rendering of a page, and the pages for what goes wrong, nearest first. */
export interface Scope<State> {
  app: RouteComponent<State> | null;
  layouts: readonly RouteComponent<State>[];
  errorPages: readonly ErrorPage<State>[];
}

/** A page for what was thrown, and what surrounds it. */
export interface ErrorPage<State> {
  page: Route<State>;
  scope: Scope<State>;
}

/** One request, as all its steps share it. Read and written within this package only. */
export interface Exchange<State> extends
  Pick<
    Context<State>,
    "config" | "url" | "req" | "params" | "info" | "state" | "route"
  > {
  readonly build: Build | null;
  readonly render: (
    ctx: Context<State>,
    ...args: Parameters<Context<State>["render"]>
  ) => Promise<Response>;
  data: unknown;
  error: unknown;
  /** Set by `csp()`: the value that inline scripts and styles of this response must carry. */
  nonce: string | null;
}

export let exchangeOf: <State>(ctx: Context<State>) => Exchange<State>;
export let scopeOf: <State>(ctx: Context<State>) => Scope<State>;

/**
 * A request as one middleware or handler sees it. Each has a context of its own, so that its
 * `next()` leads to the step after it whatever else passes the request on, and when.
 */
export class Context<State> {
  readonly #exchange: Exchange<State>;
  readonly #scope: Scope<State>;
  readonly config: ResolvedFreshConfig;
  readonly req: Request;
  /** The address asked for, with repeated slashes of its path made one. */
  readonly url: URL;
  /** The connection: `remoteAddr`, `completed`. */
  readonly info: Deno.ServeHandlerInfo;
  /** The pattern that matched, or null. */
  readonly route: string | null;
  /** The decoded values of the pattern's names, frozen; `""` for an absent `[...rest]`. */
  readonly params: Record<string, string>;
  /** Shared by all middlewares and handlers of this request. */
  readonly state: State;
  /**
   * Runs what comes next; resolves to a response also when that throws.
   *
   * @throws {Error} when it is called a second time
   */
  readonly next: () => Promise<Response>;

  static {
    exchangeOf = (ctx) => ctx.#exchange;
    scopeOf = (ctx) => ctx.#scope;
  }

  constructor(exchange: Exchange<State>, scope: Scope<State>, next: () => Promise<Response>) {
    this.#exchange = exchange;
    this.#scope = scope;
    this.next = next;
    ({ config: this.config, req: this.req, url: this.url, info: this.info } = exchange);
    ({ route: this.route, params: this.params, state: this.state } = exchange);
  }

  /** What the handler gave to `page()`. */
  get data(): unknown {
    return this.#exchange.data;
  }

  /** What was thrown, while an error page is made and after it; else null. */
  get error(): unknown {
    return this.#exchange.error;
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

  /**
   * Renders JSX inside the layouts and the app wrapper that apply here.
   *
   * @throws {TypeError} when it is given something else than an element or null
   */
  // deno-lint-ignore no-explicit-any
  render(vnode: VNode<any> | null, init?: ResponseInit, config?: LayoutConfig): Promise<Response> {
    return this.#exchange.render(this, vnode, init, config);
  }

  /** A response of plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** A response of HTML, sent as it is. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** A response of JSON. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}
