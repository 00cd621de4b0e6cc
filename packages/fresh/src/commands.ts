import type { Method } from "./handlers.ts";
import { renderRoute } from "./render_route.ts";
import { Router } from "./router.ts";
import { newSegment, type Path, pathTo, type Segment, segmentAt } from "./tree.ts";
import type { LayoutConfig, Middleware, Route, RouteComponent } from "./types.ts";

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
    segment: string;
    pattern: string;
    methods: readonly Method[];
    middlewares: Middleware<State>[];
  }
  | { type: "route"; segment: string; pattern: string; route: Route<State> }
  | { type: "files"; prefix: string; commands: () => Command<State>[] };

export const METHODS: readonly Method[] = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
];

/** The routes of an app, ready to be matched. */
export interface Routes<State> {
  router: Router<Path<State>>;
  /** The way of a request that no route answers. */
  root: Path<State>;
  notFound: Route<State> | null;
}

export function compile<State>(commands: readonly Command<State>[]): Routes<State> {
  const root = newSegment<State>(null);
  const routes: Routes<State> = { router: new Router(), root: pathTo(root), notFound: null };
  apply(commands, root, routes);
  routes.root = pathTo(root);
  return routes;
}

function apply<State>(
  commands: readonly Command<State>[],
  root: Segment<State>,
  routes: Routes<State>,
): void {
  for (const command of commands) {
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
        routes.notFound = command.page;
        break;
      case "handlers": {
        const path = pathTo(segmentAt(root, command.segment));
        const own = command.middlewares.map((run) => ({ run, scope: path.scope }));
        routes.router.add(command.methods, command.pattern, {
          steps: [...path.steps, ...own],
          scope: path.scope,
        });
        break;
      }
      case "route": {
        const { route } = command;
        const path = pathTo(segmentAt(root, command.segment));
        path.steps.push({ run: (ctx) => renderRoute(ctx, route), scope: path.scope });
        routes.router.add(methodsOf(route), route.config?.routeOverride ?? command.pattern, path);
        break;
      }
      case "files":
        apply(command.commands().map((c) => mount(command.prefix, c)), root, routes);
    }
  }
}

function methodsOf<State>({ handler, component }: Route<State>): readonly Method[] {
  if (typeof handler === "function") return METHODS;
  const methods = new Set(Object.keys(handler ?? {}) as Method[]);
  if (component !== undefined) methods.add("GET");
  return [...methods];
}

/** Moves a command below a prefix, for apps and file routes that are mounted there. */
export function mount<State>(prefix: string, command: Command<State>): Command<State> {
  const base = prefix === "*" || prefix === "/" ? "" : prefix.replace(/\/\*?$/, "");
  if (base === "") return command;
  switch (command.type) {
    case "app":
    case "notFound":
      return command;
    case "files":
      return { ...command, prefix: join(base, command.prefix) };
    case "handlers":
    case "route":
      return {
        ...command,
        segment: join(base, command.segment),
        pattern: join(base, command.pattern),
      };
    default:
      return { ...command, segment: join(base, command.segment) };
  }
}

function join(base: string, path: string): string {
  return path === "/" || path === "*" ? base : base + path;
}
