import type { LayoutConfig, Middleware, Route, RouteComponent, Scope } from "./context.ts";

/** A folder of routes (or a prefix of patterns) with what it adds for all below it. */
export interface Segment<State> {
  parent: Segment<State> | null;
  children: Map<string, Segment<State>>;
  middlewares: Middleware<State>[];
  app: RouteComponent<State> | null;
  layout: { component: RouteComponent<State>; config: LayoutConfig } | null;
  errorPage: Route<State> | null;
}

export interface Step<State> {
  run: Middleware<State>;
  scope: Scope<State>;
}

/** The middlewares on the way to a segment, and the scope a page there is rendered in. */
export interface Path<State> {
  steps: Step<State>[];
  scope: Scope<State>;
}

export function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  return {
    parent,
    children: new Map(),
    middlewares: [],
    app: null,
    layout: null,
    errorPage: null,
  };
}

/** The segment of a prefix such as `/admin/(group)`; `*` and `/` mean the root. */
export function segmentAt<State>(root: Segment<State>, prefix: string): Segment<State> {
  let segment = root;
  for (const name of prefix.split("/")) {
    if (name === "" || name === "*") continue;
    let child = segment.children.get(name);
    if (child === undefined) {
      child = newSegment(segment);
      segment.children.set(name, child);
    }
    segment = child;
  }
  return segment;
}

/** Reads the segments from the root down, as they stand now: what is added later has no part. */
export function pathTo<State>(segment: Segment<State>): Path<State> {
  const above: Path<State> = segment.parent === null
    ? { steps: [], scope: { app: null, layouts: [], errorPages: [] } }
    : pathTo(segment.parent);

  const { app, layout, errorPage } = segment;
  const scope = { ...limited({ ...above.scope, app: app ?? above.scope.app }, layout?.config) };
  if (layout !== null) scope.layouts = [...scope.layouts, layout.component];
  if (errorPage !== null) {
    const page = { page: errorPage, scope: limited(scope, errorPage.config) };
    scope.errorPages = [page, ...scope.errorPages];
  }
  const own = segment.middlewares.map((run) => ({ run, scope }));
  return { steps: [...above.steps, ...own], scope };
}

/** The scope without what a route, a layout or a call of `ctx.render()` leaves out. */
export function limited<State>(scope: Scope<State>, config: LayoutConfig = {}): Scope<State> {
  const { skipAppWrapper, skipInheritedLayouts } = config;
  if (!skipAppWrapper && !skipInheritedLayouts) return scope;
  return {
    ...scope,
    app: skipAppWrapper ? null : scope.app,
    layouts: skipInheritedLayouts ? [] : scope.layouts,
  };
}
