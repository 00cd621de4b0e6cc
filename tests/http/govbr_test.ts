import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lia, testDeps } from "@/tests/fixtures/mod.ts";
import {
  begin,
  type Choice,
  type GovbrWorld,
  govbrWorld,
  quietly,
  visitGovbr,
} from "@/core/signin/govbr/world_testing.ts";
import { readGovbrAttempt } from "@/core/signin/govbr/attempt.ts";
import { sessionToken } from "@/core/account/session.ts";
import { testApp } from "../support/app.ts";

const ORIGIN = "http://localhost:8000";
const asLia = { cpf: lia.cpf };

/** A browser at the portal: its cookie, and answers without following redirects. */
async function browser({ deps }: Pick<GovbrWorld, "deps">) {
  const handle = await testApp(deps);
  let cookie = "";
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { ...cookie && { cookie }, ...init.method === "POST" && { origin: ORIGIN } };
    const response = await handle(new Request(new URL(path, ORIGIN), { ...init, headers }));
    const given = response.headers.getSetCookie().at(-1);
    if (given) cookie = given.split(";")[0]!;
    const text = await response.text();
    const location = response.headers.get("location");
    return { status: response.status, location, text, headers: response.headers };
  };
  return {
    get: (path: string) => send(path),
    post: (path: string, form: Record<string, string>) =>
      send(path, { method: "POST", body: new URLSearchParams(form) }),
    /** From the button to the address that gov.br sends back to. */
    async govbr(choice: Choice): Promise<string> {
      const { status, location } = await send("/govbr");
      assertEquals(status, 303);
      return (await visitGovbr(new URL(location!), choice)).href;
    },
  };
}

Deno.test("the button is there only where gov.br is", async () => {
  using without = await testDeps();
  await using world = await govbrWorld([lia]);
  for (const path of ["/", "/entrar"]) {
    const off = await browser({ deps: without });
    assert(!(await off.get(path)).text.includes('"/govbr"'), path);
    assertEquals((await off.get("/govbr")).status, 404);
    assertEquals((await off.get("/govbr/retorno?code=x&state=y")).status, 404);
    const on = await browser(world);
    assertMatch((await on.get(path)).text, /<a [^>]*href="\/govbr"[^>]*>Entrar com gov\.br<\/a>/);
  }
});

Deno.test("a first access with gov.br, page by page, under the same strict policy", async () => {
  await using world = await govbrWorld([lia]);
  const { get, post, govbr } = await browser(world);
  const back = await get(await govbr(asLia));
  assertEquals([back.status, back.location], [303, "/primeiro-acesso/termos"]);
  assertEquals((await get("/govbr/email")).location, "/primeiro-acesso/termos");
  const terms = await get("/primeiro-acesso/termos");
  assertStringIncludes(terms.text, "gov.br</span>");
  const agreed = await post("/primeiro-acesso/termos", { aceito: "sim" });
  assertEquals(agreed.location, "/govbr/email");
  // The step of those who choose a password is not theirs.
  assertEquals((await get("/primeiro-acesso/cadastro")).location, "/govbr/email");
  const form = await get("/govbr/email");
  assertStringIncludes(form.text, `value="${lia.email}"`);
  assertMatch(form.headers.get("content-security-policy") ?? "", /form-action 'self';/);
  assertEquals((await post("/govbr/email", { email: "x" })).status, 422);
  assertEquals((await post("/govbr/email", { email: lia.email })).location, "/operadoras");
  assertEquals((await get("/solicitar")).status, 200);
  // Who is in has no business at these doors.
  assertEquals((await get("/govbr")).location, "/painel");
  assertEquals((await get("/govbr/retorno?code=x&state=y")).location, "/painel");
});

Deno.test("another e-mail goes by the code page", async () => {
  await using world = await govbrWorld([lia]);
  const { get, post, govbr } = await browser(world);
  await get(await govbr({ ...asLia, email: false }));
  await post("/primeiro-acesso/termos", { aceito: "sim" });
  const sent = await post("/govbr/email", { email: lia.email });
  assertEquals(sent.location, "/primeiro-acesso/confirmar");
  assertEquals((await post("/primeiro-acesso/confirmar", { acao: "corrigir" })).status, 303);
  assertEquals((await get("/primeiro-acesso/cadastro")).location, "/govbr/email");
});

Deno.test("each refusal has its page, its status and the other doors", async (t) => {
  await using world = await govbrWorld([lia], "gold");
  const denied = "A entrada foi cancelada no gov.br";
  const cases: {
    name: string;
    choice: Choice;
    change?: [string, string];
    status: number;
    text: string;
  }[] = [
    { name: "denied", choice: { ...asLia, deny: true }, status: 422, text: denied },
    {
      name: "code that is none",
      choice: { ...asLia, level: "gold" },
      change: ["code", "x"],
      status: 422,
      text: "não passou na conferência de segurança",
    },
    {
      name: "state that is none",
      choice: { ...asLia, level: "gold" },
      change: ["state", "x"],
      status: 422,
      text: "começada em outro navegador",
    },
  ];
  for (const { name, choice, change, status, text } of cases) {
    await t.step(name, async () => {
      const { get, govbr } = await browser(world);
      const address = new URL(await govbr(choice));
      if (change) address.searchParams.set(...change);
      const page = await quietly(() => get(address.href));
      assertEquals(page.status, status);
      assertStringIncludes(page.text, text);
      for (const door of ["/govbr", "/entrar", "/certificado"]) {
        assertStringIncludes(page.text, `href="${door}"`);
      }
      assertEquals(page.text.includes("Aumentar nível da conta"), status === 403);
      assertEquals((await get("/painel")).location, "/entrar?fim");
    });
  }
});

Deno.test("an answer in another browser is refused, and the right one can still use it", async () => {
  await using world = await govbrWorld([lia]);
  const mine = await browser(world);
  const theirs = await browser(world);
  const address = await mine.govbr(asLia);
  await theirs.get("/govbr");
  assertEquals((await theirs.get(address)).status, 422);
  assertEquals((await mine.get(address)).status, 303);
});

Deno.test("gov.br down: a page that says so; the other doors stay", async () => {
  const world = await govbrWorld([lia]);
  await world.govbr.close();
  const { get } = await browser(world);
  const page = await quietly(() => get("/govbr"));
  assertEquals(page.status, 503);
  assertStringIncludes(page.text, "O gov.br não respondeu");
  assertEquals((await get("/entrar")).status, 200);
  assertEquals((await get("/certificado")).status, 200);
  world.deps[Symbol.dispose]();
});

Deno.test("nobody but the server can read the verifier and the session in the state", async () => {
  await using world = await govbrWorld([lia]);
  const { session, url } = await begin(world.deps);
  const state = url.searchParams.get("state")!;
  const { verifier } = (await readGovbrAttempt(world.deps, session, state))!;
  const seen = [state, atob(state.replaceAll("-", "+").replaceAll("_", "/"))];
  for (const text of [...seen, url.href]) {
    for (const secret of [verifier, session.id]) assert(!text.includes(secret));
  }
  const claims = atob((await sessionToken(world.deps, session)).split(".")[1]!);
  assert(!claims.includes(verifier));
});
