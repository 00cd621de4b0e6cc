import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Component as BaseComponent, type ComponentChildren, h } from "preact";
import { useId } from "preact/hooks";
import { applySnapshot } from "./app.ts";
import { toSnapshot } from "./manifest.ts";
import { App, csp, type Middleware } from "./mod.ts";
import { asset, Head } from "./runtime/mod.ts";

type Page = Middleware<unknown>;

function ask(page: Page, app = new App<unknown>()): Promise<Response> {
  return app.get("/", page).handler()(new Request("http://localhost/"));
}

async function bodyOf(page: Page): Promise<string> {
  const html = await (await ask(page)).text();
  return /<body>([\s\S]*)<\/body>/.exec(html)![1]!;
}

Deno.test("JSX renders text, attributes and nested components escaped", async () => {
  const Item = ({ name, children }: { name: string; children?: ComponentChildren }) => (
    <li title={name} data-n={1} hidden={false}>{name}: {children}</li>
  );
  const html = await bodyOf((ctx) =>
    ctx.render(
      <ul class="a & b">
        {["<x>", 'q"q'].map((name) => <Item key={name} name={name}>{name} &amp; {0}{null}</Item>)}
      </ul>,
    )
  );
  assertEquals(
    html.replaceAll(/\s+>/g, ">").replaceAll(/\s+/g, " "),
    `<ul class="a &amp; b"><li title="&lt;x>" data-n="1">&lt;x>: &lt;x> &amp; 0</li>` +
      `<li title="q&quot;q" data-n="1">q&quot;q: q&quot;q &amp; 0</li></ul>`,
  );
});

Deno.test("a page that is a fragment, nothing, or no JSX", async () => {
  assertEquals(await bodyOf((ctx) => ctx.render(<>a{"<"}</>)), "a&lt;");
  assertEquals(await bodyOf((ctx) => ctx.render(null)), "");
  const app = new App<unknown>().onError("*", (ctx) => ctx.text((ctx.error as Error).message));
  const response = await ask((ctx) => ctx.render("text" as never), app);
  assertStringIncludes(await response.text(), "takes a JSX element");
});

Deno.test("async pages and layouts are awaited, and may answer with a response", async () => {
  let calls = 0;
  const app = () =>
    new App<unknown>()
      // deno-lint-ignore require-await
      .layout("*", async ({ Component, url }) =>
        url.searchParams.has("go") ? new Response("gone", { status: 410 }) : (
          <main>
            <Component />
          </main>
        ))
      .route("/", { component: async () => <p>{await Promise.resolve("later")}</p> })
      .route("/null", {
        component: async () => {
          calls++;
          return await Promise.resolve(null);
        },
      });
  const handler = app().handler();
  const text = async (path: string) =>
    await (await handler(new Request(`http://localhost${path}`))).text();
  assertStringIncludes(await text("/"), "<main><p>later</p></main>");
  assertStringIncludes(await text("/null"), "<main></main>");
  assertEquals(calls, 1);
  assertEquals(await text("/?go"), "gone");
});

Deno.test("two pages rendered at the same time do not mix", async () => {
  const app = new App<unknown>().use(csp({ useNonce: true }))
    // deno-lint-ignore require-await
    .appWrapper(async ({ Component }) => (
      <html>
        <head>
          <script>1</script>
        </head>
        <body>
          <Component />
        </body>
      </html>
    ))
    .get("/", (ctx) => ctx.render(<p>{ctx.url.search}</p>));
  const handler = app.handler();
  const responses = await Promise.all(
    [1, 2, 3].map((n) => handler(new Request(`http://localhost/?${n}`))),
  );
  for (const [i, response] of responses.entries()) {
    const html = await response.text();
    assertStringIncludes(html, `<p>?${i + 1}</p>`);
    assertEquals(nonceIn(html), nonceOf(response));
  }
});

Deno.test("<Head> moves into the head; the last title and meta of a name win", async () => {
  const Deep = () => (
    <Head>
      <title>Deep & last</title>
      <meta name="description" content="b" />
      <meta property="og:x" content="new" />
      <link rel="icon" href="/i.svg" />
    </Head>
  );
  const response = await ask((ctx) =>
    ctx.render(
      <html>
        <head>
          <title>First</title>
          <meta charset="utf-8" />
          <meta name="description" content="a" />
        </head>
        <body>
          <Head>
            <title>Second</title>
          </Head>
          <p>
            text<Deep />
          </p>
        </body>
      </html>,
    )
  );
  const html = (await response.text()).replaceAll(/\s*\n\s*/g, "");
  assertEquals(
    html.replaceAll("/>", ">"),
    `<!DOCTYPE html><html><head><title>Deep &amp; last</title><meta charset="utf-8">` +
      `<meta name="description" content="b"><meta property="og:x" content="new">` +
      `<link rel="icon" href="/i.svg"></head><body><p>text</p></body></html>`,
  );
});

Deno.test("text that looks like a head marker stays text", async () => {
  const html = await bodyOf((ctx) => ctx.render(<p>{"<!--frsh:head--><title>x</title>"}</p>));
  assertMatch(html, /^<p>&lt;!--frsh:head--(&gt;|>)&lt;title/);
});

function nonceOf(response: Response): string {
  const policy = response.headers.get("content-security-policy")!;
  return /script-src 'self' 'nonce-([0-9a-f]{32})'/.exec(policy)![1]!;
}

function nonceIn(html: string): string | undefined {
  return /nonce="([^"]*)"/.exec(html)?.[1];
}

// Kept by the module, as a component may do: each response must still get its own nonce.
const kept = <style>{"a { color: red }"}</style>;
const keptElement = h("script", { type: "module" }, "1");

Deno.test("inline scripts and styles carry the nonce of their own response", async () => {
  const page: Page = (ctx) =>
    ctx.render(
      <div>
        <script>let a = 1</script>
        <script type="module" src="/x.js"></script>
        {kept}
        {keptElement}
        {h("style", null, "b{}")}
        <p>no nonce</p>
      </div>,
    );
  const app = new App<unknown>().use(csp({ useNonce: true })).get("/", page);
  const handler = app.handler();
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const response = await handler(new Request("http://localhost/"));
    const html = await response.text();
    const nonce = nonceOf(response);
    nonces.add(nonce);
    assertEquals([...html.matchAll(/<(script|style)\b[^>]* nonce="/g)].length, 5, html);
    const all = [...html.matchAll(/nonce="([^"]*)"/g)].map((m) => m[1]);
    assertEquals(all, Array(5).fill(nonce));
  }
  assertEquals(nonces.size, 2);
});

Deno.test("markup that comes in as a value gets no nonce", async () => {
  const evil = "<script>steal()</script>";
  const response = await ask(
    (ctx) => ctx.render(<div dangerouslySetInnerHTML={{ __html: evil }} />),
    new App<unknown>().use(csp({ useNonce: true })),
  );
  assertStringIncludes(await response.text(), `<div>${evil}</div>`);
});

Deno.test("without csp() there is no nonce; one that is written stays", async () => {
  const page: Page = (ctx) =>
    ctx.render(
      <div>
        <script>1</script>
        <script nonce="own">2</script>
      </div>,
    );
  assertEquals(nonceIn((await bodyOf(page)).replace('nonce="own"', "")), undefined);
  const response = await ask(page, new App<unknown>().use(csp({ useNonce: true })));
  assertStringIncludes(await response.text(), '<script nonce="own">');
});

interface Props {
  value: unknown;
  children?: ComponentChildren;
}

function Outer({ value, children }: Props) {
  return <b id={useId()}>{String(value)}{children}</b>;
}

function Inner() {
  return <i>inner</i>;
}

function Nesting() {
  return (
    <div>
      <Inner />
    </div>
  );
}

class Classic extends BaseComponent {
  render() {
    return <u>classic</u>;
  }
}

function withIslands(buildId = "b1"): App<unknown> {
  const app = new App<unknown>();
  const island = (name: string, module: Record<string, unknown>) => ({
    name,
    module,
    script: `${name}.js`,
    imports: ["chunk-a.js"],
  });
  const snapshot = toSnapshot<unknown>({
    buildId,
    root: "/",
    files: [],
    routes: [],
    islands: [
      island("Outer", { default: Outer, helper: () => null, text: "no function" }),
      island("Inner", { Inner, Nesting, Classic }),
    ],
  });
  applySnapshot(app, snapshot, "production");
  return app.use(csp({ useNonce: true }));
}

Deno.test("an island is marked, and started with its props by the page's one script", async () => {
  const response = await ask(
    (ctx) =>
      ctx.render(
        <p>
          <Outer value="a" />
          <Outer value={2n} />
          <Inner />
        </p>,
      ),
    withIslands(),
  );
  const html = await response.text();
  assertStringIncludes(
    html,
    `<p><!--frsh:0--><b id="P1-0">a</b><!--/frsh--><!--frsh:1--><b id="P2-0">2</b><!--/frsh-->` +
      `<!--frsh:2--><i>inner</i><!--/frsh--></p>`,
  );
  assertStringIncludes(
    html,
    `<script type="module" nonce="${nonceOf(response)}">` +
      `import{boot}from"/_fresh/js/b1/fresh-runtime.js";` +
      `import{default as i0}from"/_fresh/js/b1/Outer.js";` +
      `import{Inner as i1}from"/_fresh/js/b1/Inner.js";` +
      `boot([i0,i1],[[0,{value:"a"}],[0,{value:2n}],[1,{}]])</script></body>`,
  );
  assertEquals(
    response.headers.get("link"),
    ["fresh-runtime", "Outer", "chunk-a", "Inner"]
      .map((name) => `</_fresh/js/b1/${name}.js>; rel="modulepreload"; as="script"`).join(", "),
  );
});

Deno.test("an island within an island belongs to it", async () => {
  const response = await ask((ctx) =>
    ctx.render(
      <p>
        <Nesting />
      </p>,
    ), withIslands());
  const html = await response.text();
  assertStringIncludes(html, "<p><!--frsh:0--><div><i>inner</i></div><!--/frsh--></p>");
  assertStringIncludes(html, "boot([i0],[[0,{}]])");
});

Deno.test("a class can be an island", async () => {
  const html = await (await ask((ctx) => ctx.render(<Classic />), withIslands())).text();
  assertStringIncludes(html, "<!--frsh:0--><u>classic</u><!--/frsh-->");
});

Deno.test("a page without an island has no script at all", async () => {
  const response = await ask((ctx) => ctx.render(<p>plain</p>), withIslands());
  assertEquals((await response.text()).includes("<script"), false);
  assertEquals(response.headers.get("link"), null);
});

Deno.test("no value can end the script that carries it", async () => {
  const values = ["</script><script>alert(1)</script>", "<!--", "]]>", "\u2028", { a: "</SCRIPT" }];
  for (const value of values) {
    const response = await ask((ctx) => ctx.render(<Outer value={value} />), withIslands());
    const html = await response.text();
    const script = /boot\(([\s\S]*?)\)<\/script><\/body>/.exec(html)![1]!;
    assertEquals(/<|\u2028/.test(script), false, script);
    assertEquals(html.match(/<\/script/gi)?.length, 1);
  }
});

Deno.test("props keep their types", async () => {
  const shared = { x: 1 };
  const value = {
    date: new Date(5),
    map: new Map([[1, new Set(["a"])]]),
    bytes: new Uint8Array([1, 2]),
    url: new URL("http://x/"),
    big: 10n,
    none: undefined,
    not: NaN,
    twice: [shared, shared],
  };
  const response = await ask((ctx) => ctx.render(<Outer value={value} />), withIslands());
  const script = /boot\(\[i0\],([\s\S]*?)\)<\/script><\/body>/.exec(await response.text())![1]!;
  const [[, props]] = new Function(`return ${script}`)();
  assertEquals(props.value, value);
  assertEquals(props.value.twice[0] === props.value.twice[1], true);
});

Deno.test("props that cannot be sent are named", async () => {
  const cases: [Page, RegExp][] = [
    [(ctx) =>
      ctx.render(
        <p>
          <Outer value={() => 1} />
        </p>,
      ), /Island Outer.*value.*cannot be sent/],
    [(ctx) =>
      ctx.render(
        <p>
          <Outer value={{ f: Symbol() }} />
        </p>,
      ), /Island Outer.*value\.f/],
    [(ctx) =>
      ctx.render(
        <p>
          <Outer value={1}>
            <b>x</b>
          </Outer>
        </p>,
      ), /Outer.*"children" holds JSX/],
    [(ctx) =>
      ctx.render(
        <p>
          <Outer value={[<b key="1" />]} />
        </p>,
      ), /Outer.*"value" holds JSX/],
  ];
  for (const [page, message] of cases) {
    const app = withIslands().onError("*", (ctx) => ctx.text((ctx.error as Error).message));
    assertMatch(await (await ask(page, app)).text(), message);
  }
});

Deno.test("asset() binds paths of this site to the build", () => {
  withIslands();
  assertEquals(asset("/a.css"), "/a.css?__frsh_c=b1");
  assertEquals(asset("/a.css?x=1#y"), "/a.css?x=1&__frsh_c=b1#y");
  for (const path of ["https://x/a.css", "//x/a.css", "a.css", "/a.css?__frsh_c=other"]) {
    assertEquals(asset(path), path);
  }
});

/** What an error page is told when a page with this island is asked for. */
async function refusal(value: unknown): Promise<string> {
  const app = withIslands().onError("*", (ctx) => ctx.text((ctx.error as Error).message));
  return await (await ask((ctx) => ctx.render(<Outer value={value} />), app)).text();
}

Deno.test("a signal is refused as a signal, wherever in the props it stands", async () => {
  // What @preact/signals gives every signal on its prototype.
  const signal = Object.create({ brand: Symbol.for("preact-signals") }, { value: { value: 1 } });
  for (const value of [signal, [signal], { deep: { in: signal } }]) {
    assertEquals(
      await refusal(value),
      'Island Outer: the prop "value" is or holds a signal, which is not sent to the browser: ' +
        "pass its value",
    );
  }
});

Deno.test("JSX within a prop is refused as JSX, an object without prototype is data", async () => {
  assertMatch(await refusal({ deep: [<b key="1" />] }), /Outer.*"value" holds JSX/);
  const params = Object.freeze(Object.assign(Object.create(null), { cnes: "2077485" }));
  const html = await (await ask((ctx) => ctx.render(<Outer value={{ params }} />), withIslands()))
    .text();
  assertStringIncludes(html, '2077485"');
});

Deno.test("a prop that fails in its own way fails with the island's name too", async () => {
  const throwing = {
    get x(): never {
      throw new RangeError("own fault");
    },
  };
  assertEquals(
    await refusal(throwing),
    'Island Outer: the prop "value" cannot be sent to the browser: own fault',
  );
  let deep: unknown = null;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assertMatch(await refusal(deep), /^Island Outer: the prop "value.*" cannot be sent/);
  assertMatch(await refusal(new (class Account {})()), /^Island Outer: the prop "value" cannot/);
});

Deno.test("asset() makes an address once for each build", () => {
  withIslands();
  const { URL } = globalThis;
  let made = 0;
  globalThis.URL = class extends URL {
    constructor(...args: ConstructorParameters<typeof URL>) {
      super(...args);
      made++;
    }
  };
  try {
    for (let i = 0; i < 3; i++) assertEquals(asset("/once.css"), "/once.css?__frsh_c=b1");
    assertEquals(made, 1);
    withIslands("b2");
    assertEquals(asset("/once.css"), "/once.css?__frsh_c=b2");
    // Paths made of requests do not fill the memory.
    for (let i = 0; i < 2_500; i++) asset(`/${i}.css`);
    made = 0;
    asset("/once.css");
    assertEquals(made, 1);
  } finally {
    globalThis.URL = URL;
  }
});

Deno.test("a page becomes a whole document, whatever it begins with", async () => {
  const documentOf = async (page: Page) => await (await ask(page)).text();
  const empty = `<head><meta charset="utf-8"></head>`;
  const cases: [Page, string][] = [
    [
      (ctx) => ctx.render(<header>x</header>),
      `<html>${empty}<body><header>x</header></body></html>`,
    ],
    [(ctx) => ctx.render(<body>x</body>), "<html><body>x</body></html>"],
    [(ctx) => ctx.render(<body class="a">x</body>), `<html><body class="a">x</body></html>`],
    [(ctx) => ctx.render(<head>{null}</head>), "<html><head></head></html>"],
    [(ctx) => ctx.render(<html lang="pt">x</html>), `<html lang="pt">x</html>`],
    [(ctx) => ctx.render(<html>x</html>), "<html>x</html>"],
    [
      (ctx) => ctx.render(h("html-like", null)),
      `<html>${empty}<body><html-like></html-like></body></html>`,
    ],
  ];
  for (const [page, html] of cases) assertEquals(await documentOf(page), `<!DOCTYPE html>${html}`);
});
