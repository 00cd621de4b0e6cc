import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { StoppingInfo } from "@/http/limits.ts";
import { recordedVisit, testDeps } from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";

const ORIGIN = "http://localhost:8000";

/** Every way a request can end, with the status it must end with. */
const CASES: { name: string; path: string; init?: RequestInit; status: number }[] = [
  { name: "a page", path: "/", status: 200 },
  { name: "a file", path: "/icon.svg", status: 200 },
  { name: "a redirect", path: "/painel", status: 303 },
  { name: "a slash too many", path: "/entrar/", status: 308 },
  { name: "a malformed path", path: "/%E0%A4%A", status: 400 },
  { name: "not found", path: "/nada", status: 404 },
  { name: "a wrong method", path: "/sair", status: 405 },
  {
    name: "a form from another site",
    path: "/entrar",
    init: { method: "POST", headers: { origin: "https://outro.example" } },
    status: 403,
  },
  {
    name: "a form that is not one",
    path: "/entrar",
    init: { method: "POST", headers: { "content-type": "text/plain" }, body: "x" },
    status: 400,
  },
  {
    name: "a refused login",
    path: "/entrar",
    init: { method: "POST", body: new URLSearchParams({ login: "1", senha: "x" }) },
    status: 422,
  },
  { name: "no webhook", path: "/api/telegram", init: { method: "POST", body: "{}" }, status: 404 },
];

Deno.test("security headers are on every answer", async (t) => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  for (const { name, path, init, status } of CASES) {
    await t.step(name, async () => {
      const response = await handle(new Request(ORIGIN + path, init));
      const body = await response.text();
      assertEquals(response.status, status, body.slice(0, 300));
      assertSecure(response);
      if (status >= 400) assertStringIncludes(body, "Habilita");
    });
  }
});

Deno.test("what is turned away during a stop has an id and every header", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  const remoteAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 } as const;
  const info: StoppingInfo = { remoteAddr, completed: Promise.resolve(), stopping: true };
  for (const path of ["/entrar", "/api/handoff/redeem"]) {
    const response = await handle(new Request(ORIGIN + path), info);
    assertStringIncludes(await response.text(), "tente de novo");
    assertEquals(response.status, 503);
    assertMatch(response.headers.get("x-request-id") ?? "", /^[\w-]{8,}$/);
    assertSecure(response);
  }
});

Deno.test("a fault is logged, and tells nothing of the inside", async () => {
  const deps = await testDeps();
  const handle = await testApp(deps, { budget: false });
  const cookie = `${SESSION_COOKIE}=${await sessionToken(deps, await recordedVisit(deps))}`;
  deps[Symbol.dispose]();
  const logged: unknown[][] = [];
  const consoleError = console.error;
  console.error = (...args) => void logged.push(args);
  try {
    const response = await handle(
      new Request(`${ORIGIN}/certificado`, { headers: { cookie } }),
    );
    const body = await response.text();
    assertEquals(response.status, 500);
    assertSecure(response);
    assertStringIncludes(body, "Algo deu errado do nosso lado");
    const id = response.headers.get("x-request-id")!;
    assertStringIncludes(body, id);
    const entries = logged.flat().map(String).filter((entry) => entry.startsWith("fault: "));
    assertEquals(entries.length, 1);
    const [, fault] = entries[0]!.match(new RegExp(`^fault: request=${id} error=(.+)\n +at `))!;
    assert(!body.includes(fault!), fault);
  } finally {
    console.error = consoleError;
  }
});

function assertSecure(response: Response): void {
  const policy = response.headers.get("content-security-policy") ?? "";
  assertStringIncludes(policy, "default-src 'none'");
  assertMatch(policy, /script-src 'self' 'nonce-[\w+/=-]{16,}'/);
  assert(!policy.includes("unsafe-inline"), policy);
  assertStringIncludes(policy, "frame-ancestors 'none'");
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assertEquals(response.headers.get("x-frame-options"), "DENY");
  assertEquals(response.headers.get("referrer-policy"), "same-origin");
}

Deno.test("over TLS the answers ask for TLS from then on", async () => {
  using deps = await testDeps({ origin: "https://portal.example" });
  const handle = await testApp(deps);
  const response = await handle(new Request("https://portal.example/nada"));
  await response.body?.cancel();
  assertStringIncludes(response.headers.get("strict-transport-security") ?? "", "max-age=");
});

Deno.test("answers to a person are kept by no cache, and their cookie is a __Host- cookie", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  const response = await handle(new Request(`${ORIGIN}/certificado`));
  await response.body?.cancel();
  assertEquals(response.headers.get("cache-control"), "no-store");
  const cookie = response.headers.get("set-cookie") ?? "";
  assertMatch(cookie, /^__Host-habilita=/);
  for (const attribute of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]) {
    assertStringIncludes(cookie, attribute);
  }
  assert(!/domain/i.test(cookie));
});

Deno.test("a page without an island ships no JavaScript", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  for (const path of ["/", "/entrar", "/termos-de-uso", "/nada"]) {
    const response = await handle(new Request(ORIGIN + path));
    const body = await response.text();
    assert(!/<script|modulepreload/i.test(body), path);
  }
});

Deno.test("the pages of the development world are not part of the app", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps);
  for (const path of ["/dev", "/dev/correio", "/dev/correio.json", "/dev/telegram"]) {
    const response = await handle(new Request(ORIGIN + path));
    await response.body?.cancel();
    assertEquals(response.status, 404, path);
  }
});
