import { assertEquals } from "@std/assert";
import { readSessionCookie } from "./cookie.ts";

const read = (cookie: string) =>
  readSessionCookie(new Request("http://localhost/", { headers: { cookie } }));

Deno.test("the session's cookie is found among others", () => {
  assertEquals(read("__Host-habilita=abc.def-g_h"), "abc.def-g_h");
  assertEquals(read("a=1; __Host-habilita=x;b=2"), "x");
});

Deno.test("malformed cookies are no fault", () => {
  for (
    const cookie of ["=", "a", ";;", "__Host-habilita", "__Host-habilita=", "=__Host-habilita"]
  ) {
    assertEquals(read(cookie), null, cookie);
  }
  assertEquals(read("=; %%; __Host-habilita=x"), "x");
  assertEquals(readSessionCookie(new Request("http://localhost/")), null);
});
