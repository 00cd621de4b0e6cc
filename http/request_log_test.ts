import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { App } from "fresh";
import { requestLog } from "./request_log.ts";
import type { State } from "./state.ts";

Deno.test("a request keeps the id that a proxy gave it when it is one, else it gets its own", async () => {
  const handle = new App<State>().use(requestLog()).get("/", () => new Response("ok")).handler();
  const idOf = async (given: string | null) => {
    const headers = new Headers(given === null ? [] : [["x-request-id", given]]);
    return (await handle(new Request("http://portal.example/", { headers })))
      .headers.get("x-request-id")!;
  };
  assertEquals(await idOf("edge-0000.AB_12"), "edge-0000.AB_12");
  for (const bad of ["short", "x".repeat(65), 'a"quoted"id', "<script>alert", "a b c d e f g"]) {
    assertNotEquals(await idOf(bad), bad);
    assertMatch(await idOf(bad), /^[0-9a-f-]{36}$/);
  }
  assertNotEquals(await idOf(null), await idOf(null));
});
