import { assertEquals } from "@std/assert";
import { parseAddressList } from "./address_list.ts";

const LIST = "127.0.0.1, 10.1.0.0/16,fd00::/8 , ::1";

const INSIDE = ["127.0.0.1", "10.1.255.3", "fd12::1", "::1", "::ffff:10.1.0.9", "::ffff:a01:9"];
const OUTSIDE = ["127.0.0.2", "10.2.0.1", "fe80::1", "::2", "::ffff:10.2.0.9", "", "localhost"];

Deno.test("an address is in the list or not", () => {
  const list = parseAddressList(LIST)!;
  for (const address of INSIDE) assertEquals(list.has(address), true, address);
  for (const address of OUTSIDE) assertEquals(list.has(address), false, address);
});

const WRONG = [
  ...["", " ", ",", "127.0.0.1,", "localhost", "127.0.0.1:80", "127.1", "256.0.0.1", "01.2.3.4"],
  ...["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "fd00::/129"],
  ...["0.0.0.0/0", "::/0", "*", "[::1]", "fe80::1%eth0", "127.0.0.1 10.0.0.1"],
];

for (const text of WRONG) {
  Deno.test(`"${text}" is no list of addresses`, () => {
    assertEquals(parseAddressList(text), null);
  });
}
