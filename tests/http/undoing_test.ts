/** Somebody has been in an account: what is left to them once its owner has undone it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getTelegramLink, getTelegramOwner } from "@/core/account/telegram/link.ts";
import {
  codeFor,
  idOf,
  lia,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedTelegramLink,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const INTRUDER = "intruso@ficticia.example";
const CHAT = 4_711;

/** Lia's account, with an intruder who knows her password, is in, and has linked a chat. */
async function invaded() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const browser = () => new Client(deps, handle);
  const enter = async (senha: string) => {
    const client = browser();
    return { client, location: (await client.post("/entrar", { login: lia.cpf, senha })).location };
  };
  const { client: intruder } = await enter(PASSWORD);
  await seedTelegramLink(deps, await personOf(deps, lia), CHAT);
  const account = await idOf(deps, lia);
  const chat = async () => [
    await getTelegramLink(deps, account),
    await getTelegramOwner(deps, CHAT),
  ];
  /** "Esqueci minha senha", with the code that goes to an address. */
  const recover = async (email = lia.email) => {
    const client = browser();
    deps.advance(1);
    await client.post("/recuperar-senha", { login: email });
    const form = { senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
    const codigo = await codeFor(deps, email);
    return await client.post("/recuperar-senha/codigo", { ...form, codigo });
  };
  return { deps, browser, enter, intruder, chat, recover };
}

Deno.test("attack: a recovery leaves the intruder neither session nor password nor chat", async () => {
  const { deps, enter, intruder, chat, recover } = await invaded();
  using _ = deps;
  assertEquals((await intruder.get("/conta")).status, 200);
  assertEquals((await recover()).location, "/entrar?senha-trocada");
  assertEquals((await intruder.get("/conta")).location, "/entrar?fim");
  assertEquals((await enter(PASSWORD)).location, null);
  assertEquals(await chat(), [null, null]);
  assertEquals((await enter(OTHER_PASSWORD)).location, "/painel");
});

Deno.test("attack: an e-mail taken back leaves the intruder neither session nor password nor chat", async () => {
  const { deps, browser, enter, intruder, chat, recover } = await invaded();
  using _ = deps;
  deps.advance(1);
  await intruder.post("/conta/email", { email: INTRUDER, atual: PASSWORD });
  const confirm = { acao: "confirmar", codigo: await codeFor(deps, INTRUDER) };
  assertEquals((await intruder.post("/conta/email", confirm)).location, "/conta?aviso=email");

  const mail = (await mailsTo(deps, lia.email)).find((one) => /foi trocado/.test(one.subject));
  const link = new URL(/https?:\S+desfazer-email\S+/.exec(mail!.text)![0]);
  const fields = Object.fromEntries(link.searchParams);
  const undone = await browser().post("/desfazer-email", fields);
  assertEquals(undone.status, 200);
  assertStringIncludes(undone.text, "a senha, o Telegram e todas as sessões foram encerrados");
  assertEquals((await intruder.get("/conta")).location, "/entrar?fim");
  assertEquals((await enter(PASSWORD)).location, null);
  assertEquals(await chat(), [null, null]);
  // The intruder's address recovers nothing; hers does.
  const theirs = browser();
  await theirs.post("/recuperar-senha", { login: INTRUDER });
  assert(!(await mailsTo(deps, INTRUDER)).some(({ subject }) => /trocar a senha/.test(subject)));
  assertEquals((await recover()).location, "/entrar?senha-trocada");
  assertEquals((await enter(OTHER_PASSWORD)).location, "/painel");
});
