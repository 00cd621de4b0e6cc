import { assert, assertEquals, assertThrows } from "@std/assert";
import { App, type Context, csp, HttpError, type Middleware } from "fresh";

type Step = Middleware<unknown>;

function ask(app: App<unknown>, path: string, init?: RequestInit): Promise<Response> {
  return app.handler()(new Request(`http://localhost${path}`, init));
}

async function statusOf(app: App<unknown>, path: string, init?: RequestInit): Promise<number> {
  const response = await ask(app, path, init);
  await response.body?.cancel();
  return response.status;
}

/** Runs without the log of the faults that a test causes. */
async function quietly(test: () => Promise<void>): Promise<void> {
  const logged = console.error;
  console.error = () => {};
  try {
    await test();
  } finally {
    console.error = logged;
  }
}

const guard: Step = async () => {
  await Promise.resolve();
  throw new HttpError(403);
};

Deno.test("a middleware that asks again after a refusal does not get behind the guard", async () => {
  const retry: Step = async (ctx) => {
    const first = await ctx.next();
    return first.ok ? first : await ctx.next();
  };
  let handled = 0;
  const app = new App<unknown>().use(retry, guard).get("/", (ctx) => {
    handled++;
    return ctx.text("secret");
  });
  await quietly(async () => assertEquals(await statusOf(app, "/"), 500));
  assertEquals(handled, 0);
});

Deno.test("a second next() throws, whenever and by whichever middleware it is called", async () => {
  const orders: Record<string, (ctx: Context<unknown>) => Promise<unknown>> = {
    "at once": async (ctx) => await Promise.all([ctx.next(), ctx.next()]),
    "before the first is done": async (ctx) => {
      const first = ctx.next();
      try {
        return await ctx.next();
      } finally {
        await first;
      }
    },
    "after the first": async (ctx) => {
      await ctx.next();
      return await ctx.next();
    },
  };
  await quietly(async () => {
    for (const [name, twice] of Object.entries(orders)) {
      for (const before of [[], [(ctx) => ctx.next()]] as Step[][]) {
        let [handled, message] = [0, ""];
        const app = new App<unknown>()
          .onError("*", (ctx) => {
            message = (ctx.error as Error).message;
            return new Response(null, { status: 500 });
          })
          .use(...before, twice as Step, async (ctx) => {
            await Promise.resolve();
            return await ctx.next();
          })
          .get("/", () => new Response(`${++handled}`));
        assertEquals(await statusOf(app, "/"), 500, name);
        assertEquals(message, "ctx.next() was called a second time by one middleware", name);
        assert(handled <= 1, name);
      }
    }
  });
});

Deno.test("what middlewares share of a request they share: state, data and the thrown value", async () => {
  const seen: unknown[] = [];
  const app = new App<{ by?: string }>()
    .use(async (ctx) => {
      ctx.state.by = "outer";
      const response = await ctx.next();
      seen.push(ctx.state.by, ctx.error, ctx.data);
      return response;
    })
    .use((ctx) => {
      ctx.state.by += ",inner";
      return ctx.next();
    })
    .route("/data", { handler: () => ({ data: 7 }) })
    .get("/error", () => {
      throw new HttpError(410);
    });
  await (await app.handler()(new Request("http://localhost/data"))).body?.cancel();
  assertEquals(seen, ["outer,inner", null, 7]);
  await (await app.handler()(new Request("http://localhost/error"))).body?.cancel();
  assertEquals((seen[4] as HttpError).status, 410);
});

Deno.test("a path with a slash too many is redirected for good to the route there is", async () => {
  const app = new App<unknown>()
    .use(csp())
    .get("/", (ctx) => ctx.text("home"))
    .get("/entrar", (ctx) => ctx.text("entrar"))
    .post("/sair", (ctx) => ctx.text("sair"))
    .get("/cnes/:cnes", (ctx) => ctx.text(ctx.params.cnes!))
    .get("/opera%C3%A7%C3%A3o", (ctx) => ctx.text("ação"));
  const cases: [string, string, number, string | null][] = [
    ["GET", "/entrar/", 308, "/entrar"],
    ["HEAD", "/entrar/", 308, "/entrar"],
    ["GET", "/entrar/?volta=%2Fpainel&x=//y", 308, "/entrar?volta=%2Fpainel&x=//y"],
    // 308 keeps the method and the body.
    ["POST", "/sair/", 308, "/sair"],
    ["GET", "/cnes/2077485/", 308, "/cnes/2077485"],
    ["GET", "/cnes/a%2Fb%5C/", 308, "/cnes/a%2Fb%5C"],
    ["GET", "/entrar//", 308, "/entrar"],
    ["GET", "//entrar/", 308, "/entrar"],
    ["GET", "/", 200, null],
    ["GET", "/nada/", 404, null],
    ["GET", "/entrar/x/", 404, null],
    ["GET", "/%zz/", 400, null],
    ["GET", "//evil.example/", 404, null],
    ["GET", "/\\evil.example/", 404, null],
  ];
  for (const [method, path, status, location] of cases) {
    const response = await ask(app, path, { method });
    await response.body?.cancel();
    assertEquals([response.status, response.headers.get("location")], [status, location], path);
    assert(response.headers.has("content-security-policy"), path);
  }
});

Deno.test("a slash too many leads to no other site, also where every path has a route", async () => {
  const app = new App<unknown>().get("/:rest*", (ctx) => ctx.text("any"));
  for (
    const path of ["//evil.example/", "/\\evil.example/", "///evil.example//", "/\t/evil.example/"]
  ) {
    const response = await ask(app, path);
    assertEquals([response.status, response.headers.get("location")], [308, "/evil.example"], path);
  }
});

Deno.test("the parameters of every kind of route are frozen", async () => {
  const change: Step = (ctx) => {
    assertThrows(() => ctx.params.cnes = "other", TypeError);
    return ctx.json(ctx.params);
  };
  const app = new App<unknown>().get("/static", change).get("/cnes/:cnes", change)
    .use((ctx) => {
      assertThrows(() => ctx.params.cnes = "other", TypeError);
      return ctx.next();
    });
  assertEquals(await (await ask(app, "/static")).json(), {});
  assertEquals(await (await ask(app, "/cnes/1")).json(), { cnes: "1" });
  assertEquals(await statusOf(app, "/nothing"), 404);
});

Deno.test("an error page and a layout hold for the middlewares of their path, said before them or after", async () => {
  const refuse: Step = (ctx) => {
    if (ctx.url.search === "?page") return ctx.render(null);
    throw new HttpError(403);
  };
  const app = new App<unknown>()
    .use("/in", refuse)
    .onError("/in", (ctx) => ctx.text("error page", { status: 403 }))
    .layout("/in", () => null, { skipAppWrapper: true })
    .appWrapper(() => null)
    .get("/in/x", (ctx) => ctx.text("x"));
  assertEquals(await (await ask(app, "/in/x")).text(), "error page");
  const page = await (await ask(app, "/in/x?page")).text();
  assert(page.includes("<body></body>"), page);
});
