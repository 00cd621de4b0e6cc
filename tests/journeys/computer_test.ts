import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { people } from "@/tools/sample/people.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";

const CNES = "9900011";
const PLACE = `/solicitar/${CNES}`;
const { davi, elisa } = people;

const RECOGNISED = "Este computador foi reconhecido.";

/** Logs in with the password alone; what follows is up to the page. */
async function enter(visitor: Visitor, { cpf }: { cpf: string }): Promise<void> {
  await visitor.loginWithPassword(cpf, DEMO_PASSWORD);
  await visitor.button("Sair").waitFor();
  // Asked once of everyone.
  if (new URL(visitor.page.url()).pathname === "/termos") await visitor.acceptTerms();
  await visitor.page.waitForURL(/\/(operadoras|painel)$/);
}

async function openAs(browser: Browser, portal: RunningPortal, person: { cpf: string }) {
  const visitor = await Visitor.open(browser, portal);
  await enter(visitor, person);
  return visitor;
}

async function askForComputer(visitor: Visitor, label: string): Promise<void> {
  await visitor.field("Etiqueta de patrimônio").fill(label);
  await visitor.field("Local").fill("Recepção, 2º andar");
  await visitor.button("Pedir acesso para este computador").click();
  await visitor.page.getByText("Pedido do computador enviado").waitFor();
}

async function approve(administrator: Visitor, what: RegExp): Promise<void> {
  await administrator.goto("/pedidos");
  await administrator.page.locator("main").getByText(what).first().waitFor();
  await administrator.button("Aprovar").click();
  await administrator.page.getByText(/aprov(ou|ado)/).first().waitFor();
}

/** The asset tags of the person's computers at the place, as its page names them. */
async function computersShown(page: Page): Promise<string[]> {
  const names = page.locator("section[aria-labelledby=computadores] h3");
  return (await names.allInnerTexts()).map((text) => text.trim().replace(/\s+/g, " "));
}

Deno.test("J10, J15: a computer is its key, from the request to the next login", async (t) => {
  await using portal = await startPortal();
  const browser = await launchBrowser();
  try {
    await using user = await openAs(browser, portal, elisa);
    await using administrator = await openAs(browser, portal, davi);
    const { page } = user;
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));

    await t.step("a browser without a key is left alone", async () => {
      await page.waitForLoadState("networkidle");
      assertEquals(await page.getByText(RECOGNISED).count(), 0);
    });

    await t.step("the third step comes after the second", async () => {
      await user.goto(PLACE);
      await page.getByRole("radio", { name: /^OPERADOR/ }).check();
      assertEquals(await user.field("Etiqueta de patrimônio").count(), 0);
      await user.button("Enviar pedido").click();
      await page.getByText("Pedido enviado").waitFor();
      await approve(administrator, /OPERADOR/);
    });

    await t.step("the request makes a key that cannot be taken out of the browser", async () => {
      await user.goto(PLACE);
      await user.screenshot("j10-computador");
      assertEquals(await findAccessibilityFaults(page), []);
      await askForComputer(user, "PAT-004512");
      assertEquals(await exportPrivateKeys(page), ["InvalidAccessError"]);
      await approve(administrator, /PAT-004512/);
      await user.goto(PLACE);
      assertEquals(await computersShown(page), ["PAT-004512 Este computador"]);
    });

    await t.step("after logout and login it is recognised without a click", async () => {
      await user.logout();
      await enter(user, elisa);
      await page.getByText(RECOGNISED).waitFor();
      await user.screenshot("j15-reconhecido");
      assertEquals(await findAccessibilityFaults(page), []);
      await user.goto(PLACE);
      assertEquals(await computersShown(page), ["PAT-004512 Este computador"]);
      // Nothing more to ask for here.
      assertEquals(await user.field("Etiqueta de patrimônio").count(), 0);
    });

    await t.step("a login that goes straight to the place ends up recognised, too", async () => {
      await user.logout();
      await unrecognised(page, () => enter(user, elisa));
      await user.goto(PLACE);
      await page.getByText("Este computador", { exact: true }).waitFor();
      assertEquals(await computersShown(page), ["PAT-004512 Este computador"]);
    });

    await t.step("another browser of the same person is another computer", async () => {
      await using elsewhere = await openAs(browser, portal, elisa);
      await elsewhere.page.waitForLoadState("networkidle");
      assertEquals(await elsewhere.page.getByText(RECOGNISED).count(), 0);
      await elsewhere.goto(PLACE);
      assertEquals(await computersShown(elsewhere.page), ["PAT-004512"]);
      assert(await elsewhere.field("Etiqueta de patrimônio").isVisible());
    });

    await t.step("another person at the same browser is not taken for the first", async () => {
      await user.logout();
      await enter(user, davi);
      await page.waitForLoadState("networkidle");
      assertEquals(await page.getByText(RECOGNISED).count(), 0);
      await user.logout();
    });

    await t.step("storage cleared: a new request that names the old computer", async () => {
      await page.evaluate(async () => {
        for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
      });
      await enter(user, elisa);
      await user.goto(PLACE);
      assertEquals(await computersShown(page), ["PAT-004512"]);
      await page.getByRole("radio", { name: /PAT-004512/ }).check();
      await user.screenshot("j10-computador-substitui");
      await askForComputer(user, "PAT-004512 (novo)");
      await approve(administrator, /No lugar de/);
      await user.goto(PLACE);
      assertEquals(await computersShown(page), ["PAT-004512 (novo) Este computador"]);
    });

    assertEquals(errors, []);
  } finally {
    await browser.close();
  }
});

/** What comes of the attempt of a script of the page to take the private keys out. */
async function exportPrivateKeys(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("habilita");
      request.onsuccess = () => resolve(request.result);
    });
    const pairs = await new Promise<CryptoKeyPair[]>((resolve) => {
      const store = database.transaction("computer_keys").objectStore("computer_keys");
      const request = store.getAll();
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    const attempts = ["jwk", "pkcs8"] as const;
    const outcomes = await Promise.all(
      pairs.flatMap(({ privateKey }) =>
        attempts.map((format) =>
          crypto.subtle.exportKey(format as "pkcs8", privateKey)
            .then(() => "exported", (error) => error.name)
        )
      ),
    );
    return [...new Set(outcomes)];
  });
}

/** Does something while the portal gives out no challenges, so that no page recognises the computer. */
async function unrecognised(page: Page, action: () => Promise<void>): Promise<void> {
  const challenges = "**/api/computador";
  await page.route(challenges, (route) => route.abort());
  await action();
  await page.unroute(challenges);
}
