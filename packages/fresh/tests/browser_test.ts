import { assertEquals } from "@std/assert";
import { App, csp, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import type { Page } from "playwright-core";
import { h } from "preact";
import { launchBrowser } from "@/tests/support/browser.ts";
import { app } from "./fixture/main.ts";

const root = new URL("./fixture", import.meta.url).pathname;

/** Opens a page of the fixture; fails on errors and on what the policy forbids. */
async function visiting(path: string, test: (page: Page) => Promise<void>): Promise<void> {
  (await new Builder({ root }).build({ snapshot: "memory" }))(app);
  const server = Deno.serve({ port: 0, onListen() {} }, app.handler());
  const browser = await launchBrowser();
  const problems: string[] = [];
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error" && !line.location().url.endsWith("/favicon.ico")) {
        problems.push(line.text());
      }
    });
    await page.goto(`http://localhost:${server.addr.port}${path}`);
    await test(page);
    assertEquals(problems, []);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

Deno.test("islands start in the elements the server made, under the strict policy", async () => {
  await visiting("/island", async (page) => {
    await page.locator("b.live").waitFor();
    const counter = page.locator(".counter").first();
    const button = counter.locator("button").first();
    assertEquals(await button.textContent(), "Count: 3 since 1970");
    assertEquals(await counter.locator("label").getAttribute("for"), "P1-0");
    assertEquals(await button.getAttribute("id"), "P1-0");
    assertEquals(await counter.locator("label").textContent(), "</script><!--");

    // The server renders the button disabled: what differs in the browser is set right.
    await button.click();
    assertEquals(await button.textContent(), "Count: 4 since 1970");
    assertEquals(
      await page.locator(".counter").last().locator("button").first().textContent(),
      "Count: 10 since 1970",
    );

    await counter.locator(".late").click();
    await counter.getByText("loaded later").waitFor();
  });
});

Deno.test("islands that grow, shrink and stand side by side stay in their places", async () => {
  await visiting("/lists", async (page) => {
    const text = async () => (await page.locator("ul").textContent())!.trim();
    await page.getByText("late").waitFor();
    assertEquals(await text(), "startaA+bB+lateend");
    await page.getByText("A", { exact: true }).click();
    await page.getByText("A", { exact: true }).click();
    await page.getByText("B", { exact: true }).click();
    assertEquals(await text(), "startaaaA+bbB+lateend");
    await page.getByText("B", { exact: true }).click();
    assertEquals(await text(), "startaaaA+bbbB+lateend");
    await page.getByText("a", { exact: true }).first().click();
    assertEquals(await text(), "startA+bbbB+lateend");
    await page.getByText("A", { exact: true }).click();
    assertEquals(await text(), "startaA+bbbB+lateend");
  });
});

Deno.test("islands take over the elements that are there, without making them anew", async () => {
  await visiting("/", async (page) => {
    // Marks the elements of the server before the islands can start.
    await page.route("**/fresh-runtime.js", async (route) => {
      await page.waitForFunction(() => document.querySelector("script") !== null);
      await page.evaluate(() => {
        for (const item of document.querySelectorAll("li")) Object.assign(item, { old: true });
      });
      await route.continue();
    });
    await page.goto(new URL("/lists", page.url()).href);
    await page.getByText("A", { exact: true }).click();
    const items = await page.locator("li").evaluateAll((nodes) =>
      nodes.map((node) => `${node.textContent}${"old" in node ? "" : " new"}`)
    );
    assertEquals(items, [
      "start",
      "a",
      "a new",
      "A",
      "+ new",
      "b",
      "B",
      "+ new",
      "late new",
      "end",
    ]);
  });
});

Deno.test("a page under development reloads when a static file changes", async () => {
  const folder = await Deno.makeTempDir();
  const stop = new AbortController();
  const browser = await launchBrowser();
  try {
    await Deno.mkdir(`${folder}/static`);
    let visits = 0;
    const app = new App<unknown>()
      .use(csp({ useNonce: true, csp: ["default-src 'none'"] }), staticFiles())
      .get("/", (ctx) => ctx.render(h("p", null, `visit ${++visits}`)));
    const { promise: port, resolve } = Promise.withResolvers<number>();
    await new Builder({ root: folder }).listen(() => Promise.resolve(app), {
      port: 0,
      signal: stop.signal,
      onListen: ({ port }) => resolve(port),
    });
    const page = await browser.newPage();
    const connected = page.waitForEvent("websocket").then((s) => s.waitForEvent("framereceived"));
    await page.goto(`http://localhost:${await port}/`);
    await connected;
    await Deno.writeTextFile(`${folder}/static/a.css`, "a{}");
    await page.getByText("visit 2").waitFor();
  } finally {
    await browser.close();
    stop.abort();
    await Deno.remove(folder, { recursive: true });
  }
});
