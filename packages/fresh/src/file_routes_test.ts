import { assertEquals, assertThrows } from "@std/assert";
import { compareRoutes, fileCommands, patternOf } from "./file_routes.ts";

Deno.test("file names become patterns", () => {
  const patterns = {
    "index": "/",
    "about": "/about",
    "blog/index": "/blog",
    "blog/[slug]": "/blog/:slug",
    "blog/[slug]/comments": "/blog/:slug/comments",
    "old/[...path]": "/old/:path*",
    "(info)/about": "/about",
    "(info)/index": "/",
    "x/[a]@[b]": "/x/:a@:b",
  };
  for (const [path, pattern] of Object.entries(patterns)) {
    assertEquals(patternOf(path, false), pattern, path);
  }
});

Deno.test("two names with nothing between, and optional ones, are refused", () => {
  for (const path of ["x/[a][b]", "docs/[[version]]"]) {
    assertThrows(() => patternOf(path, false), SyntaxError, path);
  }
});

Deno.test("the more specific route comes first", () => {
  const sorted = [
    "a/b",
    "a/x[id]",
    "a/(group)/[id]",
    "a/[...rest]",
    "[first]/b",
    "[...all]",
  ];
  assertEquals([...sorted].reverse().sort(compareRoutes), sorted);
});

Deno.test("special files come before the routes they apply to", () => {
  const module = { default: () => null };
  const commands = fileCommands([
    { path: "a", module },
    { path: "z/_middleware", module: { handler: () => new Response() } },
    { path: "_layout", module },
    { path: "_app", module },
    { path: "_404", module },
    { path: "z/_error", module },
    { path: "z/b", module },
  ]);
  const kinds = commands.map((c) => c.type);
  assertEquals(kinds.slice(-2), ["route", "route"]);
  assertEquals(
    new Set(kinds.slice(0, 5)),
    new Set(["middleware", "layout", "app", "notFound", "error"]),
  );
});

Deno.test("a group is a folder of its own, though no part of the address", () => {
  const [command] = fileCommands([{ path: "(info)/about", module: { default: () => null } }]);
  assertEquals(command?.type === "route" && [command.segment, command.pattern], [
    "/(info)",
    "/about",
  ]);
});

Deno.test("a file without handler and component is named", () => {
  assertThrows(
    () => fileCommands([{ path: "admin/empty", module: {} }]),
    Error,
    "routes/admin/empty",
  );
});
