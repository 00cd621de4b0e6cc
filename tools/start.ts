/** `deno task start`: serves the production build of `_fresh/` over HTTP; a proxy ends TLS before. */
import { orExit, readSettings } from "../core/config/mod.ts";
import { drainable } from "./drain.ts";
import { loadBuild, portError } from "./production.ts";
import { untilStopped } from "./stop.ts";

const { server, drain, stop, seconds } = await orExit(async () => {
  const { PORT: port, HABILITA_STOP_SECONDS: seconds } = readSettings("start");
  const { handler: portal, stop } = await loadBuild();
  const { handler, drain } = drainable(portal);
  const onListen = () => console.log(`Habilita: http://localhost:${port}/`);
  try {
    return { server: Deno.serve({ port, onListen }, handler), drain, stop, seconds };
  } catch (cause) {
    throw portError(port, cause);
  }
});
const shutdown = async () => {
  await drain();
  await server.shutdown();
};
await untilStopped(() => stop(shutdown), seconds);
Deno.exit(0);
