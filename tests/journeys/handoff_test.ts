import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { endMembership } from "@/core/access/change_membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listPending } from "@/core/access/requests/request.ts";
import { endSessionsOf } from "@/core/account/session.ts";
import { idOf, must, personOf } from "@/tests/fixtures/mod.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";
import { type Backstage, look, openBackstage } from "./backstage.ts";

const CNES = "9900011";
const PAGE = `/acessar/cadsus-web/${CNES}`;
const { davi, elisa } = people;

async function enter(visitor: Visitor): Promise<void> {
  await visitor.loginWithPassword(elisa.cpf, DEMO_PASSWORD);
  await visitor.button("Sair").waitFor();
  // Asked once of everyone.
  if (new URL(visitor.page.url()).pathname === "/termos") await visitor.acceptTerms();
  await visitor.heading("Escolha a operadora").waitFor();
}

/** Davi approves whatever waits (J13, walked elsewhere). */
async function approveAll(backstage: Backstage): Promise<void> {
  for (const { id } of await listPending(backstage, [CNES])) {
    const by = await idOf(backstage, davi);
    const said = { outcome: "aprovada", via: "portal", standing: UNLIMITED } as const;
    const decision = { requestId: id, by, ...said };
    must(await decideRequest(backstage, decision));
  }
}

Deno.test("J15: into CadSUS Web after the three steps, from that computer only", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal);
    const { page } = visitor;
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    const told = page.locator(".notice.warning");
    let posted: Record<string, string> = {};
    let address = "";

    await t.step("before the steps the page says which one is next, and leads there", async () => {
      await enter(visitor);
      await visitor.goto(PAGE);
      await visitor.heading("Acessar CadSUS Web").waitFor();
      assertMatch(await told.innerText(), /Falta o primeiro passo/);
      assertEquals(await visitor.button("Acessar CadSUS Web").count(), 0);
      await look(visitor, "acesso-falta");
      const person = await personOf(backstage, elisa);
      must(await createRequest(backstage, person, { cnes: CNES, profile: "OPERADOR" }, UNLIMITED));
      await page.reload();
      assertMatch(await told.innerText(), /em análise/);
      await approveAll(backstage);
      await page.reload();
      assertMatch(await told.innerText(), /Falta o terceiro passo/);
    });

    await t.step("after the third step one button leads in", async () => {
      await page.getByRole("link", { name: "Pedir acesso para este computador" }).click();
      await visitor.field("Etiqueta de patrimônio").fill("PAT-004512");
      await visitor.field("Local").fill("Recepção");
      await visitor.button("Pedir acesso para este computador").click();
      await page.getByText("Pedido do computador enviado").waitFor();
      await approveAll(backstage);
      await visitor.goto(PAGE);
      await visitor.button("Acessar CadSUS Web").waitFor();
      await look(visitor, "acesso-pronto");
      page.on("request", (request) => {
        if (!request.url().endsWith("/entrada")) return;
        address = request.url();
        posted = Object.fromEntries(new URLSearchParams(request.postData() ?? ""));
        assertEquals(request.headers().origin, portal.origin);
      });
      await visitor.button("Acessar CadSUS Web").click();
      await visitor.heading("Bem-vindo").waitFor();
      for (const text of [elisa.nome, CNES, "OPERADOR"]) {
        assertMatch(await page.locator("dl").innerText(), new RegExp(text));
      }
      // Of a session by password, and of a CPF that an operadora has given, it says no more than that.
      for (const text of [/pwd/, /one-factor/, /CPF informado/, /operadora:\d{14}/]) {
        assertMatch(await page.locator("dl").innerText(), text);
      }
      await visitor.screenshot("acesso-cadsus");
    });

    await t.step("what the browser posted is worth nothing to anybody afterwards", async () => {
      assertEquals(Object.keys(posted), ["token", "proof"]);
      const again = { method: "POST", body: new URLSearchParams(posted) };
      assertMatch(await (await fetch(address, again)).text(), /<code>replayed<\/code>/);
      await visitor.goto("/dev/cadsus");
      await visitor.heading("Bem-vindo").waitFor();
    });

    await t.step("with the next login the computer is known again, and only it", async () => {
      await visitor.goto("/painel");
      await visitor.logout();
      await enter(visitor);
      await visitor.goto(PAGE);
      await visitor.button("Acessar CadSUS Web").waitFor();
      await using elsewhere = await Visitor.open(browser, portal);
      await enter(elsewhere);
      await elsewhere.goto(PAGE);
      assertMatch(await elsewhere.page.locator(".notice.warning").innerText(), /terceiro passo/);
      assertEquals(await elsewhere.button("Acessar CadSUS Web").count(), 0);
    });

    await t.step("without JavaScript the page says why this one thing needs it", async () => {
      const { cookies } = await page.context().storageState();
      const context = await browser.newContext({ javaScriptEnabled: false, locale: "pt-BR" });
      await context.addCookies(cookies);
      const plain = await context.newPage();
      await plain.goto(portal.origin + PAGE);
      const why = await plain.locator("noscript .notice").innerText();
      assertMatch(why, /Este passo precisa do JavaScript/);
      const button = plain.getByRole("button", { name: "Acessar CadSUS Web" });
      assertEquals(await button.isDisabled(), true);
      await context.close();
    });

    await t.step(
      "when the session ended, or the key was cleared away, the page says so",
      async () => {
        await endSessionsOf(backstage, await idOf(backstage, elisa));
        await visitor.button("Acessar CadSUS Web").click();
        await page.getByText("sessão terminou").waitFor();
        await enter(visitor);
        await visitor.goto(PAGE);
        await visitor.button("Acessar CadSUS Web").waitFor();
        // The page that finds this out by itself, as it does when its scripts come late, loads anew.
        await page.route("**/api/computador/esquecer", (route) => route.abort());
        await page.evaluate(() => indexedDB.deleteDatabase("habilita"));
        await visitor.button("Acessar CadSUS Web").click();
        await page.getByText("A chave deste computador não está mais neste navegador").waitFor();
        await look(visitor, "acesso-sem-chave");
        await page.unroute("**/api/computador/esquecer");
        await page.reload();
        await page.getByRole("link", { name: "Pedir acesso para este computador" }).waitFor();
        assertMatch(await told.innerText(), /Falta o terceiro passo/);
      },
    );

    await t.step("whoever is deactivated in between does not get in", async () => {
      const actor = { account: await idOf(backstage, davi), standing: UNLIMITED };
      const member = { cnes: CNES, account: await idOf(backstage, elisa) };
      must(await endMembership(backstage, actor, { ...member, reason: "Mudou de unidade" }));
      await page.reload();
      assertMatch(await told.innerText(), /Falta o primeiro passo/);
    });

    assert(errors.length === 0, errors.join("\n"));
  } finally {
    await browser.close();
  }
});
