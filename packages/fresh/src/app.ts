import type { Build } from "./build.ts";
import { setBuildId } from "./asset.ts";
import { type Command, compile } from "./commands.ts";
import type {
  FreshConfig,
  LayoutConfig,
  Middleware,
  ResolvedFreshConfig,
  Route,
  RouteComponent,
} from "./context.ts";
import { type Handler, makeHandler } from "./dispatch.ts";
import { type Method, METHODS } from "./handlers.ts";

export type ListenOptions = Partial<Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem>;

/** A build with the routes found in the file system; an app without one has only its own. */
export interface Snapshot<State> {
  root: string;
  build: Build;
  commands: Command<State>[];
}

/** Gives an app the routes, islands and files of a build. */
export let applySnapshot: <State>(
  app: App<State>,
  snapshot: Snapshot<State>,
  mode: ResolvedFreshConfig["mode"],
) => void;

/**
 * Middlewares, routes and pages, applied from top to bottom: a route is wrapped by what was said
 * before it.
 *
 * @example
 * export const app = new App<State>().use(staticFiles()).get("/saude", () => new Response("ok"))
 *   .fsRoutes();
 */
export class App<State> {
  #commands: Command<State>[] = [];
  #snapshot: Snapshot<State> | null = null;
  readonly config: ResolvedFreshConfig;

  static {
    applySnapshot = (app, snapshot, mode) => {
      app.config.root = snapshot.root;
      app.config.mode = mode;
      app.#snapshot = snapshot;
      setBuildId(snapshot.build.id);
    };
  }

  constructor(config: FreshConfig = {}) {
    this.config = { root: ".", mode: config.mode ?? "production" };
  }

  /** Adds middlewares for all routes, or for those whose pattern begins with `path`. */
  use(...middlewares: Middleware<State>[]): this;
  use(path: string, ...middlewares: Middleware<State>[]): this;
  use(first: string | Middleware<State>, ...others: Middleware<State>[]): this {
    const [segment, middlewares] = typeof first === "string"
      ? [first, others]
      : ["*", [first, ...others]];
    return this.#add({ type: "middleware", segment, middlewares });
  }

  /** The page for every 404. */
  notFound(page: Route<State> | Middleware<State>): this {
    return this.#add({ type: "notFound", page: asRoute(page) });
  }

  /** The page for what is thrown below `path`; `ctx.error` is the thrown value. */
  onError(path: string, page: Route<State> | Middleware<State>): this {
    return this.#add({ type: "error", segment: path, page: asRoute(page) });
  }

  /** The component around every page, with the `<html>` element. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#add({ type: "app", segment: "*", component });
  }

  /** The component around the pages below `path`, inside of the layouts above. */
  layout(path: string, component: RouteComponent<State>, config: LayoutConfig = {}): this {
    return this.#add({ type: "layout", segment: path, component, config });
  }

  /** A page with its handlers, as a file of the routes folder has them. */
  route(path: string, route: Route<State>): this {
    return this.#add({ type: "route", segment: path, pattern: path, route });
  }

  /** Handles GET at `path`, and HEAD. */
  get(path: string, ...middlewares: Middleware<State>[]): this {
    return this.#handle(["GET"], path, middlewares);
  }

  /** Handles POST at `path`. */
  post(path: string, ...middlewares: Middleware<State>[]): this {
    return this.#handle(["POST"], path, middlewares);
  }

  /** Handles every method at `path`. */
  all(path: string, ...middlewares: Middleware<State>[]): this {
    return this.#handle(METHODS, path, middlewares);
  }

  /** Puts the routes that the build found in the file system here. */
  fsRoutes(): this {
    return this.#add({ type: "files" });
  }

  #handle(methods: readonly Method[], pattern: string, middlewares: Middleware<State>[]): this {
    return this.#add({ type: "handlers", pattern, methods, middlewares });
  }

  #add(command: Command<State>): this {
    this.#commands.push(command);
    return this;
  }

  /** The function for `Deno.serve`, or for tests to call with a `Request`. */
  handler(): Handler {
    const { build = null, commands = [] } = this.#snapshot ?? {};
    return makeHandler(this.config, compile(this.#commands, commands), build);
  }

  /** Starts a server; without a port, on the one Deno chooses (8000). */
  listen(options: ListenOptions = {}): Promise<void> {
    Deno.serve(options, this.handler());
    return Promise.resolve();
  }
}

function asRoute<State>(page: Route<State> | Middleware<State>): Route<State> {
  return typeof page === "function" ? { handler: page } : page;
}
