/** `deno task start`: serves the production build of `_fresh/` over HTTP; a proxy ends TLS before. */
import { findBuild, runServer } from "./production.ts";

const port = Deno.env.get("PORT") || "8000";
await runServer(["serve", `--port=${port}`], [await findBuild()]);
