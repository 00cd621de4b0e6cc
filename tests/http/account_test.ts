import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  caio,
  lia,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  const browser = () => new Client(deps, handle);
  const login = async (password: string) => {
    const client = browser();
    const { location } = await client.post("/entrar", { login: lia.cpf, senha: password });
    return { client, location };
  };
  return { deps, session, browser, login };
}

/** The code in the mail with this subject: the outbox, which tries to send, changes their order. */
async function codeIn(deps: Deps, to: string, subject: RegExp): Promise<string> {
  const mail = (await mailsTo(deps, to)).find((one) => subject.test(one.subject));
  return /: (\S{8})$/.exec(mail!.subject)![1]!;
}

Deno.test("J9: password forgotten, from the first page to the login", async () => {
  const { deps, session, browser, login } = await peopled();
  using _ = deps;
  const elsewhere = await browser().enter(session);
  assertEquals((await elsewhere.get("/conta")).status, 200);
  const client = browser();
  assertStringIncludes((await client.get("/entrar")).text, "/recuperar-senha");
  assertEquals((await client.get("/recuperar-senha/codigo")).location, "/recuperar-senha");
  const asked = await client.post("/recuperar-senha", { login: lia.cpf });
  assertEquals([asked.status, asked.location], [303, "/recuperar-senha/codigo"]);
  assertEquals((await client.get("/recuperar-senha/codigo")).status, 200);
  const form = { senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
  const wrong = await client.post("/recuperar-senha/codigo", { ...form, codigo: "ABCDEFGH" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "Restam 4 tentativas");
  const codigo = await codeIn(deps, lia.email, /trocar a senha/);
  const done = await client.post("/recuperar-senha/codigo", { ...form, codigo });
  assertEquals(done.location, "/entrar?senha-trocada");
  assertStringIncludes((await client.get(done.location!)).text, "Senha trocada.");
  assertEquals((await elsewhere.get("/conta")).location, "/entrar?fim");
  assertEquals((await login(PASSWORD)).location, null);
  assertEquals((await login(OTHER_PASSWORD)).location, "/painel");
});

Deno.test("the pages of a recovery are the same for a CPF that nobody has", async () => {
  const { deps, browser } = await peopled();
  using _ = deps;
  const seen = [];
  for (const person of [lia, caio]) {
    const client = browser();
    const asked = await client.post("/recuperar-senha", { login: person.cpf });
    const next = await client.get(asked.location!);
    const form = { codigo: "ABCDEFGH", senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
    const wrong = await client.post("/recuperar-senha/codigo", form);
    const plain = (text: string) => text.replace(/nonce="[^"]+"/g, "");
    seen.push([asked.status, asked.location, plain(next.text), wrong.status, plain(wrong.text)]);
  }
  assertEquals(seen[0], seen[1]);
});

Deno.test("a recovery without session or CPF leads to its beginning; who is in, to the change", async () => {
  const { deps, session, browser } = await peopled();
  using _ = deps;
  const form = { codigo: "ABCDEFGH", senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
  assertEquals(
    (await browser().post("/recuperar-senha/codigo", form)).location,
    "/recuperar-senha",
  );
  assertEquals((await browser().post("/recuperar-senha", { login: "1" })).status, 422);
  const inside = await browser().enter(session);
  assertEquals((await inside.get("/recuperar-senha")).location, "/conta/senha");
  assertEquals(
    (await inside.post("/recuperar-senha", { login: lia.cpf })).location,
    "/conta/senha",
  );
});

Deno.test("password changed: this browser stays in, the others are out", async () => {
  const { deps, session, browser, login } = await peopled();
  using _ = deps;
  const other = (await login(PASSWORD)).client;
  const client = await browser().enter(session);
  const form = { atual: "errada", senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
  assertStringIncludes((await client.post("/conta/senha", form)).text, "A senha não confere");
  const done = await client.post("/conta/senha", { ...form, atual: PASSWORD });
  assertEquals(done.location, "/conta?aviso=senha");
  assertStringIncludes((await client.get(done.location!)).text, "Senha trocada.");
  assertEquals((await other.get("/conta")).location, "/entrar?fim");
});

Deno.test("e-mail changed, and taken back with the link in the mail to the address before", async () => {
  const { deps, session, browser } = await peopled();
  using _ = deps;
  const email = "lia.nova@ficticia.example";
  const client = await browser().enter(session);
  assertEquals((await client.post("/conta/email", { email, atual: "x" })).status, 422);
  assertEquals(
    (await client.post("/conta/email", { email, atual: PASSWORD })).location,
    "/conta/email",
  );
  assertStringIncludes((await client.get("/conta/email")).text, email);
  const confirm = { acao: "confirmar", codigo: await codeIn(deps, email, /confirmação/) };
  assertEquals((await client.post("/conta/email", confirm)).location, "/conta?aviso=email");
  assertStringIncludes((await client.get("/conta")).text, email);

  const mail = (await mailsTo(deps, lia.email)).find((one) => /foi trocado/.test(one.subject));
  const link = new URL(/https?:\S+desfazer-email\S+/.exec(mail!.text)![0]);
  const reader = browser();
  assertEquals((await reader.get(link.pathname + link.search)).status, 200);
  // Opening the link, as a mail scanner does, has changed nothing.
  assertStringIncludes((await client.get("/conta")).text, email);
  const fields = Object.fromEntries(link.searchParams);
  const undone = await reader.post("/desfazer-email", fields);
  assertStringIncludes(undone.text, "l***@ficticia.example".replace("l", lia.email[0]!));
  assertEquals((await client.get("/conta")).location, "/entrar?fim");
  assertEquals((await reader.post("/desfazer-email", fields)).status, 422);
});

Deno.test("the sessions are listed, one is ended, then all", async () => {
  const { deps, session, browser, login } = await peopled();
  using _ = deps;
  const other = (await login(PASSWORD)).client;
  const client = await browser().enter(session);
  const { text } = await client.get("/conta");
  assertStringIncludes(text, "Esta sessão");
  const [, handle] = /name="sessao" value="([^"]+)"/.exec(text)!;
  const ended = await client.post("/conta", { sessao: handle! });
  assertEquals(ended.location, "/conta?aviso=sessao");
  assertEquals((await other.get("/conta")).location, "/entrar?fim");
  const again = await client.post("/conta", { sessao: handle! });
  assertEquals(again.status, 422);
  assert(again.text.includes("já tinha terminado"));
  const third = (await login(PASSWORD)).client;
  assertEquals((await client.post("/conta", { acao: "sair-de-todas" })).location, "/entrar?saiu");
  for (const one of [client, third]) {
    assertEquals((await one.get("/conta")).location, "/entrar?fim");
  }
});
