import { h, type VNode } from "preact";
import { type Context, internals } from "./context.ts";
import type { HandlerFn, Method, PageResponse } from "./handlers.ts";
import { asAsync, componentProps } from "./render.ts";
import type { Route } from "./types.ts";

const NO_DATA: PageResponse<unknown> = { data: undefined };

/** Calls the route's handler and renders its component with the data that it returns. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const inner = internals(ctx);
  const { config, component } = route;
  if (config?.skipAppWrapper || config?.skipInheritedLayouts) {
    inner.scope = {
      ...inner.scope,
      ...(config.skipAppWrapper && { app: null }),
      ...(config.skipInheritedLayouts && { layouts: [] }),
    };
  }

  const handler = handlerFor(route, ctx.req.method);
  const answer = handler === undefined ? NO_DATA : await handler(ctx);
  if (answer instanceof Response) return answer;

  ctx.data = answer.data;
  const init = { status: answer.status ?? status, headers: answer.headers };
  if (component === undefined) return ctx.render(null, init);
  const props = componentProps(ctx, answer.data, () => null);
  const load = asAsync(component);
  const vnode = load === null ? h(component, props) as VNode : await load(props);
  return vnode instanceof Response ? vnode : ctx.render(vnode, init);
}

function handlerFor<State>(
  { handler }: Route<State>,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (typeof handler !== "object") return handler;
  return handler[method as Method] ?? (method === "HEAD" ? handler.GET : undefined);
}
