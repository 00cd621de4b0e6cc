import { assertEquals } from "@std/assert";
import { parseAddressList } from "@/core/address_list.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import { testPortal } from "@/core/testing.ts";
import { addressOf } from "./caller.ts";

const PROXY: ProxyConfig = {
  header: "rfc9440",
  addresses: parseAddressList("127.0.0.1"),
  secret: null,
  origin: null,
};

async function addressFrom(proxy: ProxyConfig | null, peer: string, forwarded?: string) {
  using portal = await testPortal({ proxy });
  const headers = new Headers(forwarded === undefined ? [] : [["x-forwarded-for", forwarded]]);
  return addressOf({
    info: {
      remoteAddr: { transport: "tcp", hostname: peer, port: 1 },
      completed: Promise.resolve(),
    },
    req: new Request("http://localhost/", { headers }),
    state: { portal },
  });
}

Deno.test("behind the proxy the address is what the proxy added last", async () => {
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "203.0.113.9"), "203.0.113.9");
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "198.51.100.1, 203.0.113.9"), "203.0.113.9");
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "2001:db8::7"), "2001:db8:0:0::/64");
});

Deno.test("what is no address, or comes from another peer, is not taken", async () => {
  for (const forwarded of [undefined, "", "unknown", "203.0.113.9,", "203.0.113.9:4711"]) {
    assertEquals(await addressFrom(PROXY, "127.0.0.1", forwarded), "127.0.0.1", forwarded);
  }
  assertEquals(await addressFrom(PROXY, "192.0.2.1", "203.0.113.9"), "192.0.2.1");
  assertEquals(await addressFrom(null, "127.0.0.1", "203.0.113.9"), "127.0.0.1");
  const withSecret = { ...PROXY, secret: "s".repeat(32) };
  assertEquals(await addressFrom(withSecret, "127.0.0.1", "203.0.113.9"), "127.0.0.1");
});
