import type { LayoutConfig, Middleware, Route, RouteComponent, Scope } from "./context.ts";

/** What holds for a folder of routes (or a prefix of patterns) and for all below it. */
export type Surrounding<State> =
  & { segment: string }
  & (
    | { type: "app"; component: RouteComponent<State> }
    | { type: "layout"; component: RouteComponent<State>; config: LayoutConfig }
    | { type: "error"; page: Route<State> }
    | { type: "middleware"; middlewares: Middleware<State>[] }
  );

export interface Step<State> {
  run: Middleware<State>;
  scope: Scope<State>;
}

/** The middlewares on the way to a segment, and the scope a page there is rendered in. */
export interface Path<State> {
  steps: Step<State>[];
  scope: Scope<State>;
}

/** Of one segment, what is rendered around its middlewares' pages is read before them. */
const ORDER: Surrounding<unknown>["type"][] = ["app", "layout", "error", "middleware"];

/**
 * The way from the root down to a segment.
 *
 * @param said in any order; of one kind and segment, in the order in which they apply
 * @param segment e.g. `/admin/(group)`; `*` and `/` mean the root
 */
export function pathTo<State>(
  said: readonly Surrounding<State>[],
  segment: string,
): Path<State> {
  const names = namesOf(segment);
  const around = said
    .map((part) => ({ part, on: namesOf(part.segment), order: ORDER.indexOf(part.type) }))
    .filter(({ on }) => on.every((name, i) => name === names[i]))
    .sort((a, b) => a.on.length - b.on.length || a.order - b.order);

  let scope: Scope<State> = { app: null, layouts: [], errorPages: [] };
  const steps: Step<State>[] = [];
  for (const { part } of around) {
    if (part.type === "app") scope = { ...scope, app: part.component };
    else if (part.type === "layout") {
      const outer = limited(scope, part.config);
      scope = { ...outer, layouts: [...outer.layouts, part.component] };
    } else if (part.type === "error") {
      const page = { page: part.page, scope: limited(scope, part.page.config) };
      scope = { ...scope, errorPages: [page, ...scope.errorPages] };
    } else {
      for (const run of part.middlewares) steps.push({ run, scope });
    }
  }
  return { steps, scope };
}

function namesOf(segment: string): string[] {
  return segment.split("/").filter((name) => name !== "" && name !== "*");
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
