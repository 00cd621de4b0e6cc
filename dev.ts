import { Builder } from "fresh/dev";
import { orExit, readSettings } from "./core/config/mod.ts";
import { builderOptions } from "./fresh.config.ts";
import { makeAssets } from "./tools/assets.ts";
import { listenError } from "./tools/production.ts";

/**
 * `deno task dev`: the portal with the development world around it.
 * `deno task build`: the production build in `_fresh/`, without any of that world.
 */
await makeAssets();
const builder = new Builder(builderOptions);
if (Deno.args.includes("build")) {
  await builder.build();
} else {
  await orExit(async () => {
    const { PORT: port, HABILITA_LISTEN: hostname } = readSettings("dev");
    const onListen = () =>
      console.log(`\nHabilita no mundo de desenvolvimento: http://localhost:${port}/dev\n`);
    try {
      await builder.listen(() => import("./tools/dev/main.ts"), { port, hostname, onListen });
    } catch (error) {
      const { AddrInUse, AddrNotAvailable } = Deno.errors;
      const ours = error instanceof AddrInUse || error instanceof AddrNotAvailable;
      throw ours ? listenError({ port, hostname }, error) : error;
    }
  });
}
