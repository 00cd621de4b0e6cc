import type { Middleware, Route } from "./context.ts";
import { fail } from "./error.ts";
import { type Method, METHODS } from "./handlers.ts";
import { renderRoute } from "./render.ts";
import { Router } from "./router.ts";
import { limited, type Path, pathTo, type Step, type Surrounding } from "./tree.ts";

/**
 * What was said to an `App`, kept in order until a handler is made: only then are the routes of
 * the file system known. `segment` is the folder whose middlewares and layouts apply.
 */
export type Command<State> =
  | Surrounding<State>
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
  const said: Surrounding<State>[] = [];
  const router: Routes<State>["router"] = new Router();
  let notFound: Route<State> | null = null;
  for (const command of commands.flatMap((c) => c.type === "files" ? files : c)) {
    if (command.type === "notFound") {
      notFound = command.page;
    } else if (command.type === "handlers") {
      const { methods, pattern, middlewares } = command;
      router.add(methods, pattern, stepsTo(pathTo(said, pattern), middlewares));
    } else if (command.type === "route") {
      const { route, segment, pattern } = command;
      const { steps, scope } = pathTo(said, segment);
      const path = { steps, scope: limited(scope, route.config) };
      const own: Middleware<State> = (ctx) => renderRoute(ctx, route);
      const at = route.config?.routeOverride ?? pattern;
      router.add(methodsOf(route), at, stepsTo(path, [own]));
    } else if (command.type !== "files") {
      said.push(command);
    }
  }
  return { router, root: pathTo(said, "/"), notFound };
}

/** Behind each route stands a 404, for handlers that pass a request on. */
function stepsTo<State>(path: Path<State>, own: Middleware<State>[]): Step<State>[] {
  return [...path.steps, ...[...own, fail(404)].map((run) => ({ run, scope: path.scope }))];
}

function methodsOf<State>({ handler, component }: Route<State>): readonly Method[] {
  if (typeof handler === "function") return METHODS;
  const methods = new Set(Object.keys(handler ?? {}) as Method[]);
  if (component !== undefined) methods.add("GET");
  return [...methods];
}
