import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { seedRegistries, seedRepresentative } from "@/tests/fixtures/mod.ts";
import { requireCaller } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { testApp } from "@/tests/support/app.ts";
import { findAccessibilityFaults } from "@/tests/support/axe.ts";
import { launchBrowser } from "@/tests/support/browser.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import ComputerRequest from "./ComputerRequest.tsx";

const OLD = { thumbprint: "A".repeat(43), label: "PAT-000001", place: "Recepção, 2º andar" };

interface Stage {
  deps: Deps;
  session: Session<LoggedIn>;
  page: Page;
  origin: string;
  /** Forms that arrived, with the computer the session knew by then. */
  arrived: { form: Record<string, string>; computer: string | undefined }[];
}

type Step = (stage: Stage) => Promise<void>;

/**
 * A page with the form, and one that looks for the key, in a real portal and a real browser. Each
 * step begins in a browser context without storage and a session that knows no computer.
 */
async function onStage(run: (step: (test: Step) => Promise<void>) => Promise<void>): Promise<void> {
  using deps = await seedRegistries();
  const session = await seedRepresentative(deps);
  const arrived: Stage["arrived"] = [];
  const app = await testApp(deps, {
    extend: (app) => {
      app.get("/entra", () => setSessionCookie(new Response("dentro"), deps, session));
      app.get("/pedido", (ctx) => {
        const { person } = requireCaller(ctx.state);
        const typed = ctx.url.searchParams.has("recusado")
          ? { etiqueta: "PAT-1", local: "Sala 1", substitui: "" }
          : undefined;
        return ctx.render(
          <div class="container narrow">
            <h1>Computador</h1>
            <ComputerRequest
              personId={person.id}
              action="/pedido"
              fields={{ etapa: "computador" }}
              computers={ctx.url.searchParams.has("antigo") ? [OLD] : []}
              typed={typed}
            />
          </div>,
        );
      });
      app.post("/pedido", async (ctx) => {
        const form = await readForm(ctx.req);
        const names = ["etapa", "etiqueta", "local", "substitui"];
        arrived.push({
          form: Object.fromEntries(names.map((name) => [name, form.text(name)])),
          computer: requireCaller(ctx.state).session.state.computer,
        });
        return ctx.render(<h1>Chegou</h1>);
      });
      app.get("/quem", (ctx) => {
        const { person, session } = requireCaller(ctx.state);
        const computer = session.state.computer ?? null;
        const reload = ctx.url.searchParams.has("reload");
        return ctx.render(
          <div class="container">
            <h1>{computer ?? "desconhecido"}</h1>
            <ComputerCheck personId={person.id} computer={computer} reload={reload} />
          </div>,
        );
      });
    },
  });
  await using server = Deno.serve({ port: 0, hostname: "localhost", onListen() {} }, app);
  const origin = `http://localhost:${server.addr.port}`;
  // The portal of the test believes in its real address: forms and challenges name it.
  Object.assign(deps.config, { origin });
  const browser = await launchBrowser();
  try {
    await run(async (test) => {
      await deps.kv.set(keys.session(session.id), session);
      arrived.length = 0;
      const context = await browser.newContext();
      const page = await context.newPage();
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(String(error)));
      await page.goto(`${origin}/entra`);
      await test({ deps, session, page, origin, arrived });
      await context.close();
      assertEquals(failures, []);
    });
  } finally {
    await browser.close();
  }
}

const STEPS: Record<string, Step> = {};

const send = (page: Page) =>
  page.getByRole("button", { name: "Pedir acesso para este computador" }).click();

async function fill(page: Page): Promise<void> {
  await page.getByLabel("Etiqueta de patrimônio").fill("PAT-004512");
  await page.getByLabel("Local").fill("Recepção, 2º andar");
}

STEPS["the key is made once, cannot be read out, and the form arrives with a proven computer"] =
  async ({ page, origin, arrived }) => {
    await page.goto(`${origin}/pedido`);
    assertEquals(await findAccessibilityFaults(page), []);
    await fill(page);
    await send(page);
    await page.getByRole("heading", { name: "Chegou" }).waitFor();
    const [{ form, computer }] = arrived as [Stage["arrived"][0]];
    assertEquals(form, {
      etapa: "computador",
      etiqueta: "PAT-004512",
      local: "Recepção, 2º andar",
      substitui: "",
    });
    assertMatch(computer!, /^[\w-]{43}$/);
    assertEquals(await keptKeys(page), [{ extractable: false, exported: "InvalidAccessError" }]);

    await page.goto(`${origin}/pedido`);
    await fill(page);
    await send(page);
    await page.getByRole("heading", { name: "Chegou" }).waitFor();
    assertEquals(arrived[1]?.computer, computer);
    assertEquals((await keptKeys(page)).length, 1);
  };

/** The private keys in the page's storage, as a script of the page finds them. */
async function keptKeys(page: Page) {
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
    return await Promise.all(pairs.map(async ({ privateKey }) => ({
      extractable: privateKey.extractable,
      exported: await crypto.subtle.exportKey("jwk", privateKey)
        .then(() => "exported", (error) => error.name),
    })));
  });
}

STEPS["with approved computers the form asks which one this replaces"] = async (
  { page, origin, arrived },
) => {
  await page.goto(`${origin}/pedido?antigo`);
  await fill(page);
  await send(page);
  // The browser's own check of the form: nothing was chosen.
  assertEquals(arrived.length, 0);
  assert(await page.locator("input[type=radio]:invalid").count() > 0);
  await page.getByRole("radio", { name: /PAT-000001/ }).check();
  assertEquals(await findAccessibilityFaults(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: await picture("computador-substitui"), fullPage: true });
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
  await send(page);
  await page.getByRole("heading", { name: "Chegou" }).waitFor();
  assertEquals(arrived[0]?.form.substitui, OLD.thumbprint);
};

STEPS["what was typed before a refusal is there and can be changed"] = async (
  { page, origin, arrived },
) => {
  await page.goto(`${origin}/pedido?antigo&recusado`);
  assertEquals(await page.getByLabel("Etiqueta de patrimônio").inputValue(), "PAT-1");
  assert(await page.getByRole("radio", { name: /Nenhum/ }).isChecked());
  await fill(page);
  await page.getByRole("radio", { name: /PAT-000001/ }).check();
  await send(page);
  await page.getByRole("heading", { name: "Chegou" }).waitFor();
  assertEquals(arrived[0]?.form, {
    etapa: "computador",
    etiqueta: "PAT-004512",
    local: "Recepção, 2º andar",
    substitui: OLD.thumbprint,
  });
};

STEPS["a computer is recognised without a click; cleared storage and other people are not"] =
  async ({ deps, session, page, origin, arrived }) => {
    const recognised = page.getByText("Este computador foi reconhecido.");
    const forget = async () => await deps.kv.set(keys.session(session.id), session);
    const settled = () => page.waitForLoadState("networkidle");

    await page.goto(`${origin}/quem`);
    await settled();
    assertEquals(await recognised.count(), 0);
    await page.goto(`${origin}/pedido`);
    await fill(page);
    await send(page);
    await page.getByRole("heading", { name: "Chegou" }).waitFor();

    await forget();
    await page.goto(`${origin}/quem`);
    await recognised.waitFor();
    await page.reload();
    await page.getByRole("heading", { name: arrived[0]!.computer! }).waitFor();
    await settled();
    assertEquals(await recognised.count(), 0);

    await forget();
    await page.goto(`${origin}/quem?reload`);
    await page.getByRole("heading", { name: arrived[0]!.computer! }).waitFor();

    // A key under somebody else's id is not this person's.
    await forget();
    await page.evaluate(moveKey, "somebody-else");
    await page.goto(`${origin}/quem`);
    await settled();
    assertEquals(await recognised.count(), 0);
    await page.getByRole("heading", { name: "desconhecido" }).waitFor();

    await page.evaluate(clearStorage);
    await page.goto(`${origin}/pedido`);
    await fill(page);
    await send(page);
    await page.getByRole("heading", { name: "Chegou" }).waitFor();
    assertMatch(arrived[1]!.computer!, /^[\w-]{43}$/);
    assert(arrived[1]!.computer !== arrived[0]!.computer);

    // Cleared in the middle of a session: it must not go on believing in the lost key.
    await page.evaluate(clearStorage);
    await page.goto(`${origin}/quem`);
    await page.getByRole("heading", { name: arrived[1]!.computer! }).waitFor();
    await settled();
    assertEquals(await recognised.count(), 0);
    await page.reload();
    await page.getByRole("heading", { name: "desconhecido" }).waitFor();
  };

/** Runs in the page. */
async function clearStorage(): Promise<void> {
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
}

/** Runs in the page: puts its key under another person's id. */
async function moveKey(to: string): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open("habilita");
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise((resolve) => {
    const transaction = database.transaction("computer_keys", "readwrite");
    const store = transaction.objectStore("computer_keys");
    const request = store.getAll();
    request.onsuccess = () => {
      store.clear();
      store.add(request.result[0], to);
    };
    transaction.oncomplete = resolve;
  });
  database.close();
}

STEPS["a browser that keeps nothing says what to do"] = async ({ page, origin, arrived }) => {
  // As a browser with blocked site data answers; there is no switch for it in a headless one.
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("blocked", "SecurityError");
    };
  });
  await page.goto(`${origin}/pedido`);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assertStringIncludes(await alert.textContent() ?? "", "janelas anônimas");
  assert(await page.getByRole("button", { name: /Pedir acesso/ }).isDisabled());
  await page.goto(`${origin}/quem`);
  await page.waitForLoadState("networkidle");
  assertEquals(arrived, []);
};

STEPS["a session that has ended says so, and the form stays"] = async (
  { deps, session, page, origin, arrived },
) => {
  await page.goto(`${origin}/pedido`);
  await fill(page);
  await deps.kv.delete(keys.session(session.id));
  await send(page);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assertStringIncludes(await alert.textContent() ?? "", "Sua sessão terminou");
  assertEquals(await page.getByLabel("Local").inputValue(), "Recepção, 2º andar");
  assertEquals(arrived, []);
};

STEPS["without JavaScript the form cannot be sent and says why"] = async ({ page, origin }) => {
  const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${origin}/entra`);
  await plain.goto(`${origin}/pedido`);
  // Playwright finds no text inside of it.
  const why = plain.locator("noscript .notice");
  assert(await why.isVisible());
  assertStringIncludes(await why.innerHTML(), "Este passo precisa do JavaScript");
  assert(await plain.getByRole("button", { name: /Pedir acesso/ }).isDisabled());
  await plain.screenshot({ path: await picture("computador-sem-javascript"), fullPage: true });
};

async function picture(name: string): Promise<string> {
  await Deno.mkdir("tests/.out", { recursive: true });
  return `tests/.out/${name}.png`;
}

Deno.test("the key of this computer, its request and its recognition", (t) =>
  onStage(async (step) => {
    for (const [name, test] of Object.entries(STEPS)) await t.step(name, () => step(test));
  }));
