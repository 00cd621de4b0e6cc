export { App, type ListenOptions } from "./app.ts";
export type {
  Context,
  FreshConfig,
  HandlerByMethod,
  HandlerFn,
  LayoutConfig,
  Middleware,
  PageProps,
  ResolvedFreshConfig,
  RouteConfig,
  RouteHandler,
} from "./context.ts";
export { createDefine, type Define } from "./define.ts";
export { HttpError } from "./error.ts";
export { type Method, page, type PageResponse } from "./handlers.ts";
export { csp, type CSPOptions } from "./middlewares/csp.ts";
export { csrf, type CsrfOptions } from "./middlewares/csrf.ts";
export { staticFiles } from "./middlewares/static_files.ts";
