import { assertEquals } from "@std/assert";
import { App, csrf, type CsrfOptions } from "../mod.ts";

async function statusOf(
  headers: Record<string, string>,
  options?: CsrfOptions,
  method = "POST",
): Promise<number> {
  const app = new App<unknown>().use(csrf(options)).all("/", (ctx) => ctx.text("ok"));
  const request = new Request("https://site.example/", { method, headers });
  const response = await app.handler()(request);
  await response.body?.cancel();
  return response.status;
}

Deno.test("what another site sends is refused", async () => {
  const refused: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { origin: "https://evil.example" },
    { origin: "http://site.example" },
    { origin: "https://site.example:8443" },
    { origin: "https://site.example.evil.example" },
    { origin: "null" },
  ];
  for (const headers of refused) {
    assertEquals(await statusOf(headers), 403, JSON.stringify(headers));
  }
});

Deno.test("what the site itself sends passes, and what is safe", async () => {
  assertEquals(await statusOf({ "sec-fetch-site": "same-origin" }), 200);
  assertEquals(await statusOf({ "sec-fetch-site": "none" }), 200);
  assertEquals(await statusOf({ origin: "https://site.example" }), 200);
  assertEquals(await statusOf({}), 200);
  assertEquals(await statusOf({ "sec-fetch-site": "cross-site" }, {}, "GET"), 200);
});

Deno.test("origins of the options are the only ones", async () => {
  const evil = { origin: "https://evil.example" };
  const other = { "sec-fetch-site": "cross-site", origin: "https://other.example" };
  for (
    const origin of [
      "https://other.example",
      ["https://third.example", "https://other.example"],
    ]
  ) {
    assertEquals(await statusOf(other, { origin }), 200);
    assertEquals(await statusOf(evil, { origin }), 403);
    assertEquals(await statusOf({ origin: "https://site.example" }, { origin }), 403);
  }
});
