import type { LayoutConfig, Middleware, Route, RouteComponent } from "./context.ts";
import { HttpError } from "./error.ts";
import { type Method, METHODS } from "./handlers.ts";
import { renderRoute } from "./render.ts";
import { Router } from "./router.ts";
import { limited, newSegment, type Path, pathTo, segmentAt, type Step } from "./tree.ts";

/**
 * What was said to an `App`, kept in order until a handler is made: only then are the routes of
 * the file system known. `segment` is the folder whose middlewares and layouts apply.
 */
export type Command<State> =
  | { type: "middleware"; segment: string; middlewares: Middleware<State>[] }
  | { type: "layout"; segment: string; component: RouteComponent<State>; config: LayoutConfig }
  | { type: "error"; segment: string; page: Route<State> }
  | { type: "app"; component: RouteComponent<State> }
  | { type: "notFound"; page: Route<State> }
  | {
    type: "handlers";
    pattern: string;
    methods: readonly Method[];
    middlewares: Middleware<State>[];
  }
  | { type: "route"; segment: string; pattern: string; route: Route<State> }
  | { type: "files" };

/** The routes of an app, ready to be matched. */
export interface Routes<State> {
  router: Router<readonly Step<State>[]>;
  /** The way of a request that no route answers. */
  root: Path<State>;
  notFound: Route<State> | null;
}

/** @param files what stands in the place of `fsRoutes()` */
export function compile<State>(
  commands: readonly Command<State>[],
  files: readonly Command<State>[],
): Routes<State> {
  const root = newSegment<State>(null);
  const router: Routes<State>["router"] = new Router();
  let notFound: Route<State> | null = null;
  for (const command of commands.flatMap((c) => c.type === "files" ? files : c)) {
    switch (command.type) {
      case "middleware":
        segmentAt(root, command.segment).middlewares.push(...command.middlewares);
        break;
      case "layout":
        segmentAt(root, command.segment).layout = command;
        break;
      case "error":
        segmentAt(root, command.segment).errorPage = command.page;
        break;
      case "app":
        root.app = command.component;
        break;
      case "notFound":
        notFound = command.page;
        break;
      case "handlers": {
        const { methods, pattern, middlewares } = command;
        router.add(methods, pattern, stepsTo(pathTo(segmentAt(root, pattern)), middlewares));
        break;
      }
      case "route": {
        const { route, segment, pattern } = command;
        const { steps, scope } = pathTo(segmentAt(root, segment));
        const path = { steps, scope: limited(scope, route.config) };
        router.add(
          methodsOf(route),
          route.config?.routeOverride ?? pattern,
          stepsTo(path, [(ctx) => renderRoute(ctx, route)]),
        );
      }
    }
  }
  return { router, root: pathTo(root), notFound };
}

function stepsTo<State>(path: Path<State>, own: Middleware<State>[]): Step<State>[] {
  return [...path.steps, ...[...own, pageMissing].map((run) => ({ run, scope: path.scope }))];
}

/** Stands behind each route, for handlers that pass a request on. */
function pageMissing(): never {
  throw new HttpError(404);
}

function methodsOf<State>({ handler, component }: Route<State>): readonly Method[] {
  if (typeof handler === "function") return METHODS;
  const methods = new Set(Object.keys(handler ?? {}) as Method[]);
  if (component !== undefined) methods.add("GET");
  return [...methods];
}
