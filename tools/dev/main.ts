import { assemble } from "@/app.ts";
import { orExit, readSettings } from "@/core/config/mod.ts";
import { addDevPages } from "./pages.tsx";
import { startDevWorld } from "./world.ts";

const world = await orExit(() => {
  const { HABILITA_DATA: data, PORT: port } = readSettings("dev");
  return startDevWorld({ data, port });
});

/** The app of `deno task dev`: the same portal, with `/dev` beside its routes. */
export const app = assemble(world, (app) => addDevPages(app, world));
