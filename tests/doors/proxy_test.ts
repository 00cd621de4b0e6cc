import { tryDoor, tryPlainAddress } from "./attacks.ts";
import { walkInBrowser } from "./browser.ts";
import { hasProxy, PLAIN_HOST, PROXIES, startProxy } from "./proxies.ts";
import { doorPortal, makeDoors, proxyConfig } from "./world.ts";

const doors = await makeDoors();

for (const name of PROXIES) {
  const installed = hasProxy(name);
  Deno.test({
    name: `door 3: behind ${name}${installed ? "" : ", which is not installed"}`,
    ignore: !installed,
    async fn(t) {
      const header = name === "nginx" ? "nginx" : "rfc9440";
      await using app = await doorPortal(doors, proxyConfig({ header }));
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        app.handle,
      );
      await using proxy = await startProxy(name, doors, server.addr.port);
      await tryDoor(t, doors, proxy.port);
      await tryPlainAddress(t, doors, proxy.port, PLAIN_HOST);
      if (name === "nginx") await walkInBrowser(t, doors, proxy.port);
    },
  });
}
