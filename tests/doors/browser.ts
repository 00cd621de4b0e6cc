import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { rosa } from "@/tests/fixtures/mod.ts";
import { launchBrowser } from "../support/browser.ts";
import { BUTTON } from "./attacks.ts";
import type { Doors } from "./world.ts";

/** The representative with a certificate in the browser: from the button to the first access. */
export async function walkInBrowser(t: Deno.TestContext, doors: Doors, port: number) {
  await t.step("in Chromium the button leads to “Primeiro acesso”", async () => {
    const origin = `https://localhost:${port}`;
    const { cert, key } = doors.clients.company;
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({
        locale: "pt-BR",
        ignoreHTTPSErrors: true,
        clientCertificates: [{ origin, cert: Buffer.from(cert), key: Buffer.from(key) }],
      });
      const page = await context.newPage();
      await page.goto(`${origin}/certificado`);
      await page.getByRole("button", { name: BUTTON }).click();
      await page.getByRole("heading", { name: "Primeiro acesso", level: 1 }).waitFor();
      assertEquals(await page.getByLabel("Usuário").inputValue(), rosa.name.toUpperCase());
    } finally {
      await browser.close();
    }
  });
}
