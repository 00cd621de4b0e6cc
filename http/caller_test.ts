import { assertEquals } from "@std/assert";
import { parseAddressList } from "@/core/address_list.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { addressOf, networkOf } from "./caller.ts";

const PROXY: ProxyConfig = {
  header: "rfc9440",
  addresses: parseAddressList("127.0.0.1"),
  secret: null,
  origin: null,
};

async function addressFrom(
  proxy: ProxyConfig | null,
  peer: string,
  forwarded?: string,
  { origin = "http://localhost:8000", header = "x-forwarded-for" } = {},
) {
  using deps = await testDeps({ proxy, origin });
  const headers = new Headers(forwarded === undefined ? [] : [[header, forwarded]]);
  return addressOf({
    info: {
      remoteAddr: { transport: "tcp", hostname: peer, port: 1 },
      completed: Promise.resolve(),
    },
    req: new Request("http://localhost/", { headers }),
    state: { deps },
  });
}

Deno.test("behind the proxy the address is what the proxy added last", async () => {
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "203.0.113.9"), "203.0.113.9");
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "198.51.100.1, 203.0.113.9"), "203.0.113.9");
  assertEquals(await addressFrom(PROXY, "127.0.0.1", "2001:db8::7"), "2001:db8:0:0::/64");
});

/** A test is silent about what its portal warns of. */
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  const { error } = console;
  console.error = () => {};
  return await work().finally(() => console.error = error);
};

Deno.test("a proxy that hands on no address leaves it unknown; its own is nobody's", () =>
  quietly(async () => {
    for (const forwarded of [undefined, "", "unknown", "203.0.113.9,", "203.0.113.9:4711"]) {
      assertEquals(await addressFrom(PROXY, "127.0.0.1", forwarded), null, forwarded);
    }
  }));

Deno.test("what another peer says of addresses is not heard", async () => {
  assertEquals(await addressFrom(PROXY, "192.0.2.1", "203.0.113.9"), "192.0.2.1");
  assertEquals(await addressFrom(null, "192.0.2.1", "203.0.113.9"), "192.0.2.1");
});

Deno.test("from this machine, through a proxy that was not declared: unknown", () =>
  quietly(async () => {
    const withSecret = { ...PROXY, secret: "s".repeat(32) };
    for (const peer of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
      assertEquals(await addressFrom(null, peer, "203.0.113.9"), null, peer);
      assertEquals(await addressFrom(withSecret, peer, "203.0.113.9"), null, peer);
      // One that writes no header: nobody is at this machine by another name.
      const origin = "https://portal.example.br";
      assertEquals(await addressFrom(null, peer, undefined, { origin }), null, peer);
    }
    for (const header of ["forwarded", "x-real-ip", "via"]) {
      assertEquals(await addressFrom(null, "127.0.0.1", "x", { header }), null, header);
    }
  }));

Deno.test("a browser at this machine is known", async () => {
  for (const origin of ["http://localhost:8000", "http://127.0.0.1:8000"]) {
    assertEquals(await addressFrom(null, "127.0.0.1", undefined, { origin }), "127.0.0.1");
  }
});

Deno.test("an IPv6 connection is one, whichever of its addresses it uses", () => {
  const spellings = [
    "2001:db8:7:1::",
    "2001:db8:7:1::9",
    "2001:0DB8:0007:0001:ffff:ffff:ffff:ffff",
    "2001:db8:7:1:0:0:192.0.2.1",
    "2001:db8:7:1::9%eth0",
  ];
  for (const address of spellings) assertEquals(networkOf(address), "2001:db8:7:1::/64", address);
  assertEquals(networkOf("2001:db8:7:2::9"), "2001:db8:7:2::/64");
  assertEquals(networkOf("2001:db8::1"), "2001:db8:0:0::/64");
  assertEquals(networkOf("::1"), "0:0:0:0::/64");
});

Deno.test("an IPv4 address is itself, also when it is written as IPv6", () => {
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201"]) {
    assertEquals(networkOf(address), "192.0.2.1", address);
  }
});

Deno.test("what is no address stays what it is", () => {
  for (const text of ["local", "", "192.0.2", "2001:db8::1::2", "::ffff:300.0.0.1"]) {
    assertEquals(networkOf(text), text);
  }
});
