import { assemble } from "@/app.ts";
import { addDevPages } from "./pages.tsx";
import { startDevWorld } from "./world.ts";

const world = await startDevWorld({
  data: Deno.env.get("HABILITA_DATA") || ".data",
  port: Number(Deno.env.get("PORT") || 8000),
});

/** The app of `deno task dev`: the same portal, with `/dev` beside its routes. */
export const app = assemble(world, (app) => addDevPages(app, world));
