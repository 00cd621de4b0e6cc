import { Fragment, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import {
  type AsyncAnyComponent,
  type Context,
  exchangeOf,
  type HandlerFn,
  type LayoutConfig,
  type PageProps,
  type Route,
  type RouteComponent,
  scopeOf,
} from "./context.ts";
import { finishDocument } from "./document.ts";
import type { Method, PageResponse } from "./handlers.ts";
import { RenderState, withRenderState } from "./render_state.ts";
import { limited } from "./tree.ts";
import "./elements.ts";

const HTML = "text/html; charset=utf-8";
const NO_DATA: PageResponse<unknown> = { data: undefined };

/** Calls the route's handler and renders its component with the data that it returns. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const handler = handlerFor(route, ctx.req.method);
  const answer = handler === undefined ? NO_DATA : await handler(ctx);
  if (answer instanceof Response) return answer;

  exchangeOf(ctx).data = answer.data;
  const init = { status: answer.status ?? status, headers: answer.headers };
  if (route.component === undefined) return ctx.render(null, init);
  const vnode = await element(route.component, componentProps(ctx, answer.data, () => null));
  return vnode instanceof Response ? vnode : ctx.render(vnode, init);
}

function handlerFor<State>(
  { handler }: Route<State>,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (typeof handler !== "object") return handler;
  return handler[method as Method] ?? (method === "HEAD" ? handler.GET : undefined);
}

/** Renders `vnode` inside its layouts and the app wrapper, all in one pass. */
export async function renderPage<State>(
  ctx: Context<State>,
  vnode: VNode | null,
  init: ResponseInit = {},
  config?: LayoutConfig,
): Promise<Response> {
  if (vnode !== null && !isValidElement(vnode)) {
    throw new TypeError("ctx.render() takes a JSX element or null");
  }
  const { app, layouts } = limited(scopeOf(ctx), config);
  let content = vnode;
  for (const wrapper of app === null ? layouts.toReversed() : [app, ...layouts].reverse()) {
    const inner = content;
    const wrapped = element(wrapper, componentProps(ctx, null, () => inner));
    const vnode = wrapped instanceof Promise ? await wrapped : wrapped;
    if (vnode instanceof Response) return vnode;
    content = vnode;
  }

  const { build, nonce } = exchangeOf(ctx);
  const state = new RenderState(build, nonce);
  const html = withRenderState(state, () => renderToString(content ?? h(Fragment, null)));
  const { text, preloads } = finishDocument(html, state);

  const headers = new Headers(init.headers);
  headers.set("content-type", HTML);
  if (preloads !== null) headers.append("link", preloads);
  return new Response(text, { ...init, headers });
}

/** What a page, a layout or the app wrapper is given. */
function componentProps<Data, State>(
  ctx: Context<State>,
  data: Data,
  Component: FunctionComponent,
): PageProps<Data, State> {
  const { config, error, info, params, req, route, state, url } = ctx;
  return { Component, data, config, error, info, params, req, route, state, url };
}

const AsyncFunction = (async () => {}).constructor;

/** An element to be rendered; a component declared `async` is called and awaited before. */
function element<State>(
  component: RouteComponent<State>,
  props: PageProps<unknown, State>,
): VNode | Promise<VNode | Response | null> {
  return component instanceof AsyncFunction
    ? (component as AsyncAnyComponent<typeof props>)(props)
    : h(component, props) as VNode;
}
