import { assertEquals, assertThrows } from "@std/assert";
import { compilePattern, Router } from "./router.ts";

function routerOf(...patterns: string[]): Router<string> {
  const router = new Router<string>();
  for (const pattern of patterns) router.add(["GET"], pattern, pattern);
  return router;
}

function found(router: Router<string>, path: string): [string, Record<string, string>] | null {
  const match = router.match(path);
  return match && [match.entry.pattern, { ...match.params }];
}

Deno.test("a static route matches its path and nothing else", () => {
  const router = routerOf("/", "/painel", "/painel/sessoes");
  assertEquals(found(router, "/painel"), ["/painel", {}]);
  assertEquals(found(router, "/"), ["/", {}]);
  for (const other of ["/Painel", "/painel/", "/painel/x", "/pain", "/painel%20", ""]) {
    assertEquals(found(router, other), null, other);
  }
});

Deno.test("a name matches one segment, decoded", () => {
  const router = routerOf("/cnes/:cnes", "/cnes/:cnes/pessoas");
  assertEquals(found(router, "/cnes/2077485"), ["/cnes/:cnes", { cnes: "2077485" }]);
  assertEquals(found(router, "/cnes/a%20b")?.[1], { cnes: "a b" });
  assertEquals(found(router, "/cnes/1/pessoas")?.[0], "/cnes/:cnes/pessoas");
  for (const other of ["/cnes", "/cnes/", "/cnes/1/2", "/x/1", "/cnes/1/pessoas/2"]) {
    assertEquals(found(router, other), null, other);
  }
});

Deno.test("an escaped slash stays within its segment", () => {
  const router = routerOf("/cnes/:cnes", "/cnes/:a/:b");
  assertEquals(found(router, "/cnes/1%2F2"), ["/cnes/:cnes", { cnes: "1%2F2" }]);
});

Deno.test("a star takes the slash before the name with it", () => {
  const router = routerOf("/old/:path*");
  assertEquals(found(router, "/old")?.[1], { path: "" });
  assertEquals(found(router, "/old/a/b")?.[1], { path: "a/b" });
  assertEquals(found(router, "/old/"), null);
  assertEquals(found(router, "/older"), null);
});

Deno.test("names can share a segment", () => {
  const router = routerOf("/x/:module@:version/:path*");
  assertEquals(found(router, "/x/fresh@2/a/b")?.[1], {
    module: "fresh",
    version: "2",
    path: "a/b",
  });
  assertEquals(found(router, "/x/fresh"), null);
});

Deno.test("static routes win; among dynamic ones the first added does, in any bucket", () => {
  const router = routerOf("/a/:id", "/:first/b", "/a/b", "/a/:other", "/:x/y/z", "*");
  assertEquals(found(router, "/a/y/z")?.[0], "/:x/y/z");
  assertEquals(found(router, "/a/b")?.[0], "/a/b");
  assertEquals(found(router, "/a/c")?.[0], "/a/:id");
  assertEquals(found(router, "/z/b")?.[0], "/:first/b");
  assertEquals(found(router, "/z")?.[0], "*");
});

Deno.test("the first target of a method and pattern stays", () => {
  const router = new Router<string>();
  router.add(["GET"], "/x", "first");
  router.add(["GET", "POST"], "/x", "second");
  const targets = router.match("/x")?.entry.targets;
  assertEquals(targets?.get("GET"), "first");
  assertEquals(targets?.get("POST"), "second");
  assertEquals(targets?.get("constructor"), undefined);
});

Deno.test("patterns are written as read, paths arrive encoded", () => {
  const router = routerOf("/operação", "/operação/:nome");
  assertEquals(found(router, "/opera%C3%A7%C3%A3o")?.[0], "/operação");
  assertEquals(found(router, "/opera%C3%A7%C3%A3o/%C3%A9")?.[1], { nome: "é" });
});

Deno.test("text in a pattern is no expression", () => {
  const router = routerOf("/a.b/:id");
  assertEquals(found(router, "/a.b/1")?.[1], { id: "1" });
  assertEquals(found(router, "/axb/1"), null);
});

Deno.test("a parameter is no own property of anything else", () => {
  const params = routerOf("/p/:__proto__").match("/p/x")?.params;
  assertEquals(Object.getPrototypeOf(params), null);
});

Deno.test("malformed patterns are refused", () => {
  for (const pattern of ["/a/:", "/a/{b", "/a/:1", "/a/:id(\\d)", "/a/b}", "/a/:b?", "/a/:b+"]) {
    assertThrows(() => compilePattern(pattern), SyntaxError, pattern);
  }
});
