import { assertEquals, assertMatch } from "@std/assert";
import { App, csp, type CSPOptions, HttpError } from "../mod.ts";

async function policyOf(options: CSPOptions): Promise<string> {
  const app = new App<unknown>().use(csp(options)).get("/", (ctx) => ctx.text("ok"));
  return (await app.handler()(new Request("http://localhost/"))).headers
    .get("content-security-policy")!;
}

Deno.test("the default policy allows this site, and inline scripts and styles", async () => {
  const policy = await policyOf({});
  assertMatch(policy, /^default-src 'self'; script-src 'self' 'unsafe-inline'; style-src/);
  assertMatch(policy, /object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors/);
});

Deno.test("with useNonce nothing is allowed inline without it, on responses of any kind", async () => {
  const app = new App<unknown>()
    .use(csp({ useNonce: true }))
    .get("/json", (ctx) => ctx.json({}))
    .get("/redirect", () => Response.redirect("http://localhost/json"))
    .get("/forbidden", () => {
      throw new HttpError(403);
    });
  const handler = app.handler();
  const seen = new Set<string>();
  for (const path of ["/json", "/redirect", "/forbidden", "/nothing", "/%zz"]) {
    const response = await handler(new Request(`http://localhost${path}`));
    const policy = response.headers.get("content-security-policy")!;
    assertEquals(policy.includes("unsafe-inline"), false);
    seen.add(/script-src 'self' 'nonce-([0-9a-f]{32})'/.exec(policy)![1]!);
    await response.body?.cancel();
  }
  assertEquals(seen.size, 5);
});

Deno.test("a directive of the options takes the place of the default one", async () => {
  const policy = await policyOf({
    csp: ["img-src 'none'", "font-src https://f.example"],
    useNonce: true,
  });
  assertEquals(policy.match(/img-src [^;]*/g), ["img-src 'none'"]);
  assertEquals(policy.match(/font-src [^;]*/g), ["font-src https://f.example"]);
});
