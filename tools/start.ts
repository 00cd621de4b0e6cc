/** `deno task start`: serves the production build of `_fresh/` over HTTP; a proxy ends TLS before. */
import { orExit, readSettings } from "../core/config/mod.ts";
import { loadBuild, portError, stopWhenTold } from "./production.ts";

const server = await orExit(async () => {
  const { PORT: port } = readSettings("start");
  const handler = await loadBuild();
  const onListen = () => console.log(`Habilita: http://localhost:${port}/`);
  try {
    return Deno.serve({ port, onListen }, handler);
  } catch (cause) {
    throw portError(port, cause);
  }
});
stopWhenTold(() => server.shutdown());
