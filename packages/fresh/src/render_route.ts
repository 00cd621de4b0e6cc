import { h, type VNode } from "preact";
import { type Context, internals } from "./context.ts";
import type { HandlerFn, Method, PageResponse } from "./handlers.ts";
import { componentProps, isAsync } from "./render.ts";
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
  if (!isAsync(component)) return ctx.render(h(component, props), init);
  const vnode = await component(props);
  return vnode instanceof Response ? vnode : ctx.render(vnode as VNode, init);
}

function handlerFor<State>(
  { handler }: Route<State>,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (typeof handler !== "object") return handler;
  return handler[method as Method] ?? (method === "HEAD" ? handler.GET : undefined);
}
