import type { AnyComponent, RenderableProps, VNode } from "preact";
import type { Context } from "./context.ts";
import type { RouteHandler } from "./handlers.ts";

/** Options of `new App()`. */
export interface FreshConfig {
  mode?: "development" | "production";
}

export interface ResolvedFreshConfig {
  /** The project's directory; set when a build is applied. */
  root: string;
  mode: "development" | "production";
}

/** Answers a request, or passes it on with `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** @deprecated Use `Middleware`. */
export type MiddlewareFn<State> = Middleware<State>;

/** What page, layout and app components are given. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<
    Context<State>,
    "config" | "url" | "req" | "params" | "info" | "state" | "error" | "route" | "Component"
  >
  & { data: Data };

/** A component that is awaited before rendering starts; it may answer with a response instead. */
export type AsyncAnyComponent<P> = (
  props: RenderableProps<P>,
  // deno-lint-ignore no-explicit-any
) => Promise<VNode<any> | Response | null>;

/** A page, a layout or the app wrapper; it may be an {@linkcode AsyncAnyComponent}. */
export type RouteComponent<State> = AnyComponent<PageProps<unknown, State>>;

export interface LayoutConfig {
  /** Leaves out the layouts of the folders above. */
  skipInheritedLayouts?: boolean;
  /** Leaves out `_app`. */
  skipAppWrapper?: boolean;
}

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
