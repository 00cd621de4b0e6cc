import { Builder } from "fresh/dev";
import { orExit, readSettings } from "./core/config/mod.ts";
import { builderOptions } from "./fresh.config.ts";
import { makeAssets } from "./tools/assets.ts";

/**
 * `deno task dev`: the portal with the development world around it.
 * `deno task build`: the production build in `_fresh/`, without any of that world.
 */
await makeAssets();
const builder = new Builder(builderOptions);
if (Deno.args.includes("build")) {
  await builder.build();
} else {
  const { PORT: port } = await orExit(() => readSettings("dev"));
  await builder.listen(() => import("./tools/dev/main.ts"), {
    port,
    onListen: () =>
      console.log(`\nHabilita no mundo de desenvolvimento: http://localhost:${port}/dev\n`),
  });
}
