import { assertEquals } from "@std/assert";
import { addressOf } from "@/http/caller.ts";
import { tryDoor, tryPlainAddress } from "./attacks.ts";
import { walkInBrowser } from "./browser.ts";
import { hasProxy, PLAIN_HOST, PROXIES, startProxy } from "./proxies.ts";
import { trySlow } from "./slow.ts";
import { TlsVisitor } from "./visitor.ts";
import { doorPortal, makeDoors, proxyConfig } from "./world.ts";

const doors = await makeDoors();

for (const name of PROXIES) {
  const installed = hasProxy(name);
  Deno.test({
    name: `door 3: behind ${name}${installed ? "" : ", which is not installed"}`,
    ignore: !installed,
    async fn(t) {
      const header = name === "nginx" ? "nginx" : "rfc9440";
      using app = await doorPortal(doors, proxyConfig({ header }));
      const addresses = new Set<string | null>();
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        (req, info) => {
          addresses.add(addressOf({ info, req, state: { deps: app } }));
          return app.handle(req, info);
        },
      );
      await using proxy = await startProxy(name, doors, server.addr.port);
      await tryDoor(t, doors, proxy.port);
      await t.step("the browser's address is handed on, not what it says itself", async () => {
        addresses.clear();
        using visitor = new TlsVisitor(doors, `https://localhost:${proxy.port}`, {
          headers: [["x-forwarded-for", "203.0.113.7"]],
          localAddress: "127.0.0.3",
        });
        await visitor.page();
        assertEquals([...addresses], ["127.0.0.3"]);
      });
      await tryPlainAddress(t, doors, proxy.port, PLAIN_HOST);
      await trySlow(t, doors, proxy.port);
      if (name === "nginx") await walkInBrowser(t, doors, proxy.port);
    },
  });
}
