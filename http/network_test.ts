import { assertEquals } from "@std/assert";
import { networkOf } from "./network.ts";

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
