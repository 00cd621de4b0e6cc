import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { App, type Context, HttpError, type Middleware, page } from "./mod.ts";

interface State {
  trail: string[];
}

function trace(name: string): Middleware<State> {
  return async (ctx) => {
    (ctx.state.trail ??= []).push(name);
    const response = await ctx.next();
    response.headers.append("x-after", name);
    return response;
  };
}

const trail = (ctx: Context<State>) => new Response((ctx.state.trail ?? []).join());

function ask(app: App<State>, path: string, init?: RequestInit): Promise<Response> {
  return app.handler()(new Request(`http://localhost${path}`, init));
}

async function textOf(app: App<State>, path: string): Promise<string> {
  return await (await ask(app, path)).text();
}

Deno.test("middlewares apply to what is said after them, from top to bottom", async () => {
  const app = new App<State>()
    .use(trace("a"))
    .get("/early", trail)
    .use(trace("b"))
    .use("/in", trace("c"))
    .get("/late", trail)
    .get("/in/side", trace("own"), trail);
  assertEquals(await textOf(app, "/early"), "a");
  assertEquals(await textOf(app, "/late"), "a,b");
  assertEquals(await textOf(app, "/in/side"), "a,b,c,own");
});

Deno.test("a middleware may answer by itself", async () => {
  const app = new App<State>().use(() => new Response("stop")).get("/", trail);
  assertEquals(await textOf(app, "/"), "stop");
});

Deno.test("what middlewares add after next() is on every error response", async () => {
  const app = new App<State>()
    .use(trace("a"))
    .get("/fault", () => {
      throw new Error("broken");
    })
    .get("/forbidden", () => {
      throw new HttpError(403, "não");
    })
    .get("/only-get", trail);
  const logged = console.error;
  console.error = () => {};
  try {
    const cases: [string, string, number][] = [
      ["GET", "/fault", 500],
      ["GET", "/forbidden", 403],
      ["GET", "/nothing", 404],
      ["POST", "/only-get", 405],
      ["GET", "/%E0%A4%A", 400],
    ];
    for (const [method, path, status] of cases) {
      const response = await ask(app, path, { method });
      assertEquals([response.status, response.headers.get("x-after")], [status, "a"], path);
      await response.body?.cancel();
    }
  } finally {
    console.error = logged;
  }
});

Deno.test("a fault says nothing of itself to the outside, an HttpError its message", async () => {
  const app = new App<State>().get("/a", () => {
    throw new Error("secret");
  }).get("/b", () => {
    throw new HttpError(409, "taken");
  }).get("/c", () => {
    throw new HttpError(429);
  });
  const logged = console.error;
  const lines: unknown[] = [];
  console.error = (line) => lines.push(line);
  try {
    assertEquals(await textOf(app, "/a"), "Internal server error");
    assertEquals(lines.length, 1);
    assertEquals(await textOf(app, "/b"), "taken");
    assertEquals(await textOf(app, "/c"), "Too Many Requests");
    assertEquals(lines.length, 1);
  } finally {
    console.error = logged;
  }
});

Deno.test("malformed escapes in the path are answered with 400", async () => {
  const app = new App<State>().get("/x/:id", trail).get("*", trail);
  for (const path of ["/%", "/x/%zz", "/x/%E0%A4%A", "/%c3%28"]) {
    const response = await ask(app, path);
    assertEquals(response.status, 400, path);
    await response.body?.cancel();
  }
});

Deno.test("405 lists the methods, OPTIONS too, and HEAD is answered from GET", async () => {
  const app = new App<State>().get("/x", trace("a"), trail).post("/x", trail);
  const refused = await ask(app, "/x", { method: "DELETE" });
  assertEquals(refused.status, 405);
  assertEquals(refused.headers.get("allow"), "GET, POST, HEAD, OPTIONS");
  await refused.body?.cancel();

  const options = await ask(app, "/x", { method: "OPTIONS" });
  assertEquals([options.status, options.headers.get("allow")], [204, "GET, POST, HEAD, OPTIONS"]);

  const head = await ask(app, "/x", { method: "HEAD" });
  assertEquals([head.status, head.headers.get("x-after"), head.body], [200, "a", null]);
});

Deno.test("a method that is the name of something else finds nothing", async () => {
  const app = new App<State>().get("/x", trail);
  for (const method of ["constructor", "__proto__", "toString"]) {
    const response = await ask(app, "/x", { method });
    assertEquals(response.status, 405, method);
    await response.body?.cancel();
  }
});

Deno.test("responses with immutable headers can be added to, redirects among them", async () => {
  const source = Deno.serve({ port: 0, onListen() {} }, () => new Response("from afar"));
  const app = new App<State>()
    .use(trace("a"))
    .post("/go", () => Response.redirect("http://localhost/there", 303))
    .get("/proxy", () => fetch(`http://localhost:${source.addr.port}/`));
  const redirect = await ask(app, "/go", { method: "POST" });
  assertEquals(redirect.status, 303);
  assertEquals(redirect.headers.get("location"), "http://localhost/there");
  assertEquals(redirect.headers.get("x-after"), "a");

  const proxied = await ask(app, "/proxy");
  assertEquals(await proxied.text(), "from afar");
  assertEquals(proxied.headers.get("x-after"), "a");
  await source.shutdown();
});

Deno.test("ctx.redirect keeps paths on this site and never throws", async () => {
  const cases: [string, string][] = [
    ["/painel?a=//b", "/painel?a=//b"],
    ["//evil.example/x", "/evil.example/x"],
    ["/\\evil.example", "/evil.example"],
    ["\\\\evil.example", "/evil.example"],
    ["/\t/evil.example", "/evil.example"],
    ["/a\r\nset-cookie: x=y", "/aset-cookie:%20x=y"],
    ["/operação", "/opera%C3%A7%C3%A3o"],
    ["/\ud800", "/%EF%BF%BD"],
    ["https://www.gov.br/", "https://www.gov.br/"],
  ];
  for (const [to, location] of cases) {
    const app = new App<State>().get("/", (ctx) => ctx.redirect(to));
    const response = await ask(app, "/");
    assertEquals([response.status, response.headers.get("location")], [302, location]);
  }
});

Deno.test("repeated slashes of the path count as one", async () => {
  const app = new App<State>().get("/evil.example", (ctx) => ctx.text(ctx.url.pathname));
  assertEquals(await textOf(app, "//evil.example"), "/evil.example");
});

Deno.test("the nearest error page is shown, and the next one when it fails itself", async () => {
  const app = new App<State>()
    .onError("*", (ctx) => ctx.text(`outer ${(ctx.error as Error).message}`, { status: 500 }))
    .onError("/in", (ctx) => {
      if (ctx.url.searchParams.has("worse")) throw new Error("worse");
      return ctx.text(`inner ${(ctx.error as Error).message}`, { status: 500 });
    })
    .get("/in/x", () => {
      throw new Error("x");
    })
    .get("/y", () => {
      throw new Error("y");
    });
  assertEquals(await textOf(app, "/in/x"), "inner x");
  assertEquals(await textOf(app, "/in/x?worse"), "outer worse");
  assertEquals(await textOf(app, "/y"), "outer y");
});

Deno.test("an error page gets the status of the error and the layouts that hold there", async () => {
  const app = new App<State>()
    .layout("*", ({ Component }) => <main>{<Component />}</main>)
    .onError("*", { component: ({ error }) => <p>{(error as Error).message}</p> })
    .get("/x", () => {
      throw new HttpError(403, "não");
    });
  const response = await ask(app, "/x");
  assertEquals(response.status, 403);
  assertStringIncludes(await response.text(), "<main><p>não</p></main>");
});

Deno.test("notFound is for every 404, an error page for the rest", async () => {
  const app = new App<State>()
    .notFound({ component: () => <p>nada</p> })
    .onError("*", { component: () => <p>erro</p> })
    .get("/thrown", () => {
      throw new HttpError(404);
    })
    .get("/passed", (ctx) => ctx.next())
    .get("/other", () => {
      throw new HttpError(410);
    });
  for (const path of ["/thrown", "/passed", "/unknown"]) {
    const response = await ask(app, path);
    assertEquals(response.status, 404, path);
    assertStringIncludes(await response.text(), "nada");
  }
  const other = await ask(app, "/other");
  assertEquals(other.status, 410);
  assertStringIncludes(await other.text(), "erro");
});

Deno.test("what is no response is a fault", async () => {
  const logged = console.error;
  console.error = () => {};
  try {
    const wrong = (() => "text") as unknown as Middleware<State>;
    for (const handler of [wrong, () => Response.error()]) {
      const response = await ask(new App<State>().get("/", handler), "/");
      assertEquals(response.status, 500);
      await response.body?.cancel();
    }
  } finally {
    console.error = logged;
  }
});

Deno.test("a route renders its component with the handler's data, status and headers", async () => {
  const app = new App<State>().route("/x", {
    handler: {
      GET: () =>
        page({ name: "Ana" }, {
          status: 201,
          headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]],
        }),
    },
    component: ({ data }) => <h1>{(data as { name: string }).name}</h1>,
  });
  const response = await ask(app, "/x");
  assertEquals(response.status, 201);
  assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  assertStringIncludes(await response.text(), "<h1>Ana</h1>");
});

Deno.test("a page without a handler for a method refuses it", async () => {
  const app = new App<State>()
    .route("/page", { component: () => <p>page</p> })
    .route("/form", { component: () => <p>form</p>, handler: { POST: () => new Response("ok") } });
  const cases: [string, string, number][] = [
    ["GET", "/page", 200],
    ["HEAD", "/page", 200],
    ["POST", "/page", 405],
    ["GET", "/form", 200],
    ["POST", "/form", 200],
    ["PUT", "/form", 405],
  ];
  for (const [method, path, status] of cases) {
    const response = await ask(app, path, { method });
    assertEquals(response.status, status, `${method} ${path}`);
    await response.body?.cancel();
  }
});

Deno.test("layouts nest, and can be left out with the app wrapper", async () => {
  const app = new App<State>()
    .appWrapper(({ Component }) => (
      <html>
        <body>
          <Component />
        </body>
      </html>
    ))
    .layout("*", ({ Component }) => (
      <a>
        <Component />
      </a>
    ))
    .layout("/in", ({ Component }) => (
      <b>
        <Component />
      </b>
    ))
    .layout("/bare", ({ Component }) => (
      <i>
        <Component />
      </i>
    ), {
      skipInheritedLayouts: true,
      skipAppWrapper: true,
    })
    .get("/in/x", (ctx) => ctx.render(<p>x</p>))
    .get("/in/own", (ctx) => ctx.render(<p>y</p>, {}, { skipInheritedLayouts: true }))
    .get("/bare/z", (ctx) => ctx.render(<p>z</p>))
    .get("/w", (ctx) => ctx.render(<p>w</p>, { status: 418 }, { skipAppWrapper: true }));
  const wrapped = (inner: string) => `<!DOCTYPE html><html><body>${inner}</body></html>`;
  const plain = (inner: string) =>
    `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${inner}</body></html>`;
  assertEquals(await textOf(app, "/in/x"), wrapped("<a><b><p>x</p></b></a>"));
  assertEquals(await textOf(app, "/in/own"), wrapped("<p>y</p>"));
  assertEquals(await textOf(app, "/bare/z"), plain("<i><p>z</p></i>"));
  assertEquals(await textOf(app, "/w"), plain("<a><p>w</p></a>"));
});

Deno.test("a middleware that renders after next() does so in its own layouts", async () => {
  const app = new App<State>()
    .use(async (ctx) => {
      await ctx.next();
      return ctx.render(<p>outer</p>);
    })
    .layout("/in", ({ Component }) => <b>{<Component />}</b>)
    .get("/in/x", (ctx) => ctx.render(<p>inner</p>));
  assertStringIncludes(await textOf(app, "/in/x"), "<body><p>outer</p></body>");
});

Deno.test("handlers know the route, the parameters and the connection", async () => {
  const app = new App<State>().get(
    "/cnes/:cnes",
    (ctx) => ctx.json({ route: ctx.route, cnes: ctx.params.cnes, mode: ctx.config.mode }),
  );
  const response = await ask(app, "/cnes/2077485");
  assertEquals(await response.json(), {
    route: "/cnes/:cnes",
    cnes: "2077485",
    mode: "production",
  });
});

Deno.test("a server answers over real connections", async () => {
  const app = new App<State>().get("/", (ctx) => ctx.text(ctx.info.remoteAddr.transport));
  const { promise, resolve } = Promise.withResolvers<number>();
  const stop = new AbortController();
  await app.listen({ port: 0, signal: stop.signal, onListen: ({ port }) => resolve(port) });
  const response = await fetch(`http://localhost:${await promise}/`);
  assertEquals(await response.text(), "tcp");
  const missing = await fetch(`http://localhost:${await promise}/%zz`);
  assert(missing.status === 400);
  await missing.body?.cancel();
  stop.abort();
});
