import { Buffer } from "node:buffer";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { findAccessibilityFaults } from "./axe.ts";
import { launchBrowser } from "./browser.ts";

const STRICT = "default-src 'none'; script-src 'none'; form-action 'self'";

const PAGES: Record<string, string> = {
  "/": `<!doctype html><html lang="pt-BR"><title>Envio</title><main><h1>Envio</h1>
    <form method="post" enctype="multipart/form-data">
      <label>Arquivo <input type="file" name="file"></label><button>Enviar</button>
    </form><p><a href="/download" download>Baixar</a></p></main></html>`,
  "/faulty": `<!doctype html><html><title>Sem idioma</title><main><h1>Foto</h1>
    <img src="/none.png"></main></html>`,
};

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": STRICT };
  if (request.method === "POST") {
    const file = (await request.formData()).get("file") as File;
    return new Response(`<!doctype html><p id="got">${file.name}: ${await file.text()}`, {
      headers,
    });
  }
  if (pathname === "/download") {
    return new Response("conteúdo", {
      headers: { "content-disposition": 'attachment; filename="certificado.txt"' },
    });
  }
  return new Response(PAGES[pathname] ?? "", { status: PAGES[pathname] ? 200 : 404, headers });
}

async function withPage(
  work: (page: Page, origin: string) => Promise<void>,
  setting?: (name: string) => string | undefined,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser(setting);
    await work(await browser.newPage(), `http://127.0.0.1:${server.addr.port}`);
  } finally {
    await browser?.close();
    await server.shutdown();
  }
}

async function walk(page: Page, origin: string): Promise<void> {
  await page.goto(origin);
  await page.getByLabel("Arquivo").setInputFiles({
    name: "e-cnpj.pfx",
    mimeType: "application/x-pkcs12",
    buffer: Buffer.from("bytes"),
  });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Baixar" }).click(),
  ]);
  assertEquals(download.suggestedFilename(), "certificado.txt");
  assertEquals(await Deno.readTextFile(await download.path()), "conteúdo");
  await page.getByRole("button", { name: "Enviar" }).click();
  assertEquals(await page.textContent("#got"), "e-cnpj.pfx: bytes");
  const png = await page.screenshot();
  assertEquals([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  assert(png.length > 1_000, "the picture shows text");
}

Deno.test("browser: upload, download, form and screenshot", () => withPage(walk));

Deno.test("browser: the one inside the npm package does the same on a bare system", {
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
}, () => withPage(walk, () => undefined));

Deno.test("browser: one that cannot be started is named", async () => {
  const error = await assertRejects(() => launchBrowser(() => "/nowhere/chromium"), Error);
  assertStringIncludes(error.message, "/nowhere/chromium");
});

Deno.test("axe: a good page has no fault, under a policy that allows no script", () =>
  withPage(async (page, origin) => {
    await page.goto(origin);
    assertEquals(await findAccessibilityFaults(page), []);
  }));

Deno.test("axe: faults are named with their elements", () =>
  withPage(async (page, origin) => {
    await page.goto(`${origin}/faulty`);
    const faults = await findAccessibilityFaults(page);
    assertEquals(faults.map((fault) => fault.split(" ")[0]), ["html-has-lang", "image-alt"]);
    assertStringIncludes(faults[1]!, 'img: <img src="/none.png">');
  }));
