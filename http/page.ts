import { type Context, page, type PageResponse } from "fresh";
import type { State } from "./state.ts";
import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";

/**
 * A page, with its title and, after a form that was refused, why.
 *
 * @param data what the page component is given, besides `error`: the words of the refusal, or null
 * @param status of the answer when there is a refusal
 * @example
 * const done = await cancel(deps, form.id("pedido"));
 * return done.ok ? ctx.redirect("/pedidos", 303) : show(ctx, "Pedidos", await load(ctx), done);
 */
export function show<Data extends object>(
  ctx: Context<State>,
  title: string,
  data: Data,
  refusal: Pick<Refusal, "code" | "detail"> | null = null,
  status = 422,
): PageResponse<Data & { error: string | null }> {
  ctx.state.title = title;
  const error = refusal && explain(refusal);
  return page({ ...data, error }, { status: refusal ? status : 200 });
}
