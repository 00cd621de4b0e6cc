import { Fragment, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Context, Internals } from "./context.ts";
import { finishDocument } from "./document.ts";
import { RenderState, withRenderState } from "./render_state.ts";
import type { AsyncAnyComponent, LayoutConfig, PageProps, RouteComponent } from "./types.ts";
import "./hooks.ts";

const HTML = "text/html; charset=utf-8";

/** Renders `vnode` inside its layouts and the app wrapper, all in one pass. */
export async function renderPage<State>(
  ctx: Context<State>,
  inner: Internals<State>,
  vnode: VNode | null,
  init: ResponseInit = {},
  config: LayoutConfig = {},
): Promise<Response> {
  if (vnode !== null && !isValidElement(vnode)) {
    throw new TypeError("ctx.render() takes a JSX element or null");
  }
  const { app, layouts } = inner.scope;
  const wrappers = config.skipInheritedLayouts ? [] : [...layouts];
  if (app !== null && !config.skipAppWrapper) wrappers.unshift(app);

  let content = vnode;
  for (const wrapper of wrappers.reverse()) {
    const wrapped = wrap(ctx, wrapper, content);
    const vnode = wrapped instanceof Promise ? await wrapped : wrapped;
    if (vnode instanceof Response) return vnode;
    content = vnode;
  }

  const state = new RenderState(inner.snapshot, inner.nonce);
  const html = withRenderState(state, () => renderToString(content ?? h(Fragment, null)));
  const { text, preloads } = finishDocument(html, state);

  if (init.headers === undefined && preloads === null) {
    return new Response(text, { ...init, headers: { "content-type": HTML } });
  }
  const headers = new Headers(init.headers);
  headers.set("content-type", HTML);
  if (preloads !== null) headers.append("link", preloads);
  return new Response(text, { ...init, headers });
}

function wrap<State>(
  ctx: Context<State>,
  wrapper: RouteComponent<State>,
  content: VNode | null,
): VNode | Promise<VNode | Response | null> {
  const props = componentProps(ctx, null, () => content);
  return asAsync(wrapper)?.(props) ?? h(wrapper, props) as VNode;
}

/** What a page, a layout or the app wrapper is given. */
export function componentProps<Data, State>(
  ctx: Context<State>,
  data: Data,
  Component: FunctionComponent,
): PageProps<Data, State> {
  return {
    Component,
    data,
    config: ctx.config,
    error: ctx.error,
    info: ctx.info,
    params: ctx.params,
    req: ctx.req,
    route: ctx.route,
    state: ctx.state,
    url: ctx.url,
  };
}

const AsyncFunction = (async () => {}).constructor;

/** A component declared `async`, which is awaited before the rendering, or null for others. */
export function asAsync<State>(
  component: RouteComponent<State>,
): AsyncAnyComponent<PageProps<unknown, State>> | null {
  return component instanceof AsyncFunction
    ? component as AsyncAnyComponent<PageProps<unknown, State>>
    : null;
}
