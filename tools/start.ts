/** `deno task start`: serves the production build of `_fresh/` over HTTP; a proxy ends TLS before. */
import { orExit, readSettings } from "../core/config/mod.ts";
import { drainable } from "./drain.ts";
import { listen } from "./listen/mod.ts";
import { listenError, loadBuild } from "./production.ts";
import { untilStopped } from "./stop.ts";

const { server, drain, stop, seconds } = await orExit(async () => {
  const settings = readSettings("start");
  const { PORT: port, HABILITA_LISTEN: hostname, HABILITA_STOP_SECONDS: seconds } = settings;
  const { handler: portal, stop } = await loadBuild();
  const { handler, drain } = drainable(portal);
  const onListen = () => console.log(`Habilita: http://localhost:${port}/`);
  try {
    return { server: listen({ port, hostname, onListen, handler }), drain, stop, seconds };
  } catch (cause) {
    throw listenError({ port, hostname }, cause);
  }
});
const shutdown = async () => {
  await drain();
  await server.shutdown();
};
await untilStopped(() => stop(shutdown), seconds);
Deno.exit(0);
