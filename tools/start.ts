/** `deno task start`: serves the production build of `_fresh/` over HTTP; a proxy ends TLS before. */
import { orExit, readSettings } from "../core/config/mod.ts";
import { loadBuild, portError } from "./production.ts";
import { untilStopped } from "./stop.ts";

const { server, stop, seconds } = await orExit(async () => {
  const { PORT: port, HABILITA_STOP_SECONDS: seconds } = readSettings("start");
  const { handler, stop } = await loadBuild();
  const onListen = () => console.log(`Habilita: http://localhost:${port}/`);
  try {
    return { server: Deno.serve({ port, onListen }, handler), stop, seconds };
  } catch (cause) {
    throw portError(port, cause);
  }
});
await untilStopped(() => stop(() => server.shutdown()), seconds);
Deno.exit(0);
