import { serveMtls } from "@/tools/mtls/serve.ts";
import { tryDoor } from "./attacks.ts";
import { walkInBrowser } from "./browser.ts";
import { doorPortal, makeDoors } from "./world.ts";

Deno.test("door 2: mutual TLS on one's own machine", async (t) => {
  const doors = await makeDoors();
  using app = await doorPortal(doors);
  await using server = await serveMtls(app.handle, {
    ...doors.server,
    port: 0,
    hostname: "127.0.0.1",
  });
  await tryDoor(t, doors, server.port);
  await walkInBrowser(t, doors, server.port);
});
