/** Who signs in, who recovers and who registers, and those who want to be taken for them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { accountOfEmail, findableByCpf } from "@/core/account/account.ts";
import { requestRecovery } from "@/core/account/recovery.ts";
import { mayMailCode } from "@/core/account/throttle.ts";
import type { Session } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import {
  ALFA,
  anonymous,
  BETA,
  caio,
  certificate,
  codeFor,
  codeOf,
  DAY,
  declaredBy,
  ivo,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  REACHED,
  representativeAt,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedSession,
  seedUser,
  selfRegister,
  selfRegistrationAt,
  showCertificate,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { asSent } from "@/http/testing.ts";
import { testApp } from "../support/app.ts";
import type { Handle } from "../support/check_trips.ts";
import { Client } from "../support/client.ts";
import { putTie } from "@/core/access/users/user_of_operadora.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** ALFA, its representative, and Lia as its usuário. */
async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  const representative = await seedRepresentative(deps);
  await seedUser(deps, lia);
  return { deps, handle, representative };
}

/** A browser in a network of its own. */
const browser = (deps: World, handle: Handle, network: string) =>
  new Client(deps, async (request) =>
    handle(await asSent(request), {
      remoteAddr: { transport: "tcp", hostname: network, port: 1 },
      completed: Promise.resolve(),
    }));

const typed = (login: string, senha = PASSWORD) => ({ login, senha });

/** Another account with Lia's CPF, whose e-mail and password are a stranger's. */
async function squat(deps: World, password = OTHER_PASSWORD) {
  const squatter = { ...lia, email: "intruso@ficticia.example" };
  await selfRegister(deps, squatter, {}, password);
  return squatter;
}

Deno.test("whoever declares a CPF first keeps its holder from nothing, and is not found by it", async () => {
  using deps = await seedRegistries();
  const handle = await testApp(deps);
  await seedRepresentative(deps);
  const squatter = await squat(deps);
  await seedUser(deps, lia);
  const enter = async (login: string, senha: string) =>
    (await browser(deps, handle, "192.0.2.5").post("/entrar", typed(login, senha))).location;
  assertEquals(await enter(lia.cpf, PASSWORD), "/painel");
  assertEquals(await enter(lia.cpf, OTHER_PASSWORD), null);
  // By their own address they come in, to what is theirs: nothing.
  assertEquals(await enter(squatter.email, OTHER_PASSWORD), "/operadoras");
  assertEquals(await enter(squatter.email, PASSWORD), null);
});

Deno.test("accounts of one CPF: each password opens its own, one that both have asks which", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const other = await squat(deps, PASSWORD);
  const account = (await accountOfEmail(deps, other.email))!;
  const tie = { cpf: lia.cpf, name: lia.name, email: other.email, how: "convite" } as const;
  await transact(deps.kv, (tx) => {
    const made = { invitation: null, reached: REACHED, by: account.id, since: 0 };
    putTie(tx, ALFA, account.id, { ...tie, ...made }, null);
    findableByCpf(tx, account);
  });
  const client = browser(deps, handle, "192.0.2.5");
  assertEquals((await client.get("/entrar/conta")).location, "/entrar");
  assertEquals((await client.post("/entrar", typed(lia.cpf))).location, "/entrar/conta");
  const { text } = await client.get("/entrar/conta");
  assertStringIncludes(text, "i…o@ficticia.example");
  assertStringIncludes(text, "ALFABETA PLANOS LTDA");
  assert(!text.includes(other.email) && !text.includes(lia.email) && !text.includes(lia.cpf));
  const stranger = await client.post("/entrar/conta", { conta: (await personOf(deps, rosa)).id });
  assertEquals(stranger.status, 422);
  assertStringIncludes(stranger.text, "Escolha a conta");
  assertEquals((await client.post("/entrar/conta", { conta: account.id })).location, "/painel");
  assertStringIncludes((await client.get("/conta")).text, other.email);
  const again = browser(deps, handle, "192.0.2.5");
  assertEquals((await again.post("/entrar", typed(lia.email))).location, "/painel");
  assertStringIncludes((await again.get("/conta")).text, lia.email);
});

/** Not hashed at all, so that hundreds of guesses take no time. */
const guess = (i: number) => String(i).padEnd(200, "x");

Deno.test("480 guesses over 60 networks: the right one opens nothing, its holder is told once and comes in", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const answers = async (login: string) => {
    const seen: (string | number)[] = [];
    for (let i = 0; i < 480; i++) {
      const client = browser(deps, handle, `198.51.100.${Math.floor(i / 8)}`);
      const right = i === 300 || i === 479;
      const answer = await client.post("/entrar", typed(login, right ? PASSWORD : guess(i)));
      seen.push(answer.location ?? answer.status);
      if (right) assertEquals((await client.get("/painel")).location, "/entrar?fim");
    }
    return seen;
  };
  const before = (await mailsTo(deps, lia.email)).length;
  const seen = await answers(lia.cpf);
  assertEquals(seen, [...Array(20).fill(422), ...Array(460).fill("/entrar/codigo")]);
  const mails = (await mailsTo(deps, lia.email)).slice(before);
  assertEquals(mails.map(({ subject }) => subject.replace(/: .*/, "")), [
    "Muitas tentativas de entrar na sua conta",
    "Código para entrar",
    "Código para entrar",
  ]);
  // The same for a CPF and an address that nobody has.
  assertEquals(await answers(nair.cpf), seen);
  assertEquals(await answers("ninguem@ficticia.example"), seen);

  const holder = browser(deps, handle, "192.0.2.5");
  deps.advance(1);
  assertEquals((await holder.post("/entrar", typed(lia.email))).location, "/entrar/codigo");
  const wrong = await holder.post("/entrar/codigo", { codigo: "ABCD2345" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "Código incorreto");
  const codigo = await codeFor(deps, lia.email);
  // A code that went to her opens nothing in the browser of somebody else.
  const stranger = browser(deps, handle, "198.51.100.99");
  await stranger.post("/entrar", typed(lia.email));
  assertEquals((await stranger.post("/entrar/codigo", { codigo })).status, 422);
  assertEquals((await holder.post("/entrar/codigo", { codigo })).location, "/painel");
  assertEquals((await holder.post("/entrar/codigo", { codigo })).location, "/entrar?fim");
  deps.advance(DAY);
  const tomorrow = browser(deps, handle, "192.0.2.5");
  assertEquals((await tomorrow.post("/entrar", typed(lia.cpf))).location, "/painel");
});

Deno.test("where it is not known whose address it is, wrong passwords lock nobody out", async () => {
  const { deps } = await peopled();
  using _ = deps;
  const nowhere = { address: null };
  for (let i = 0; i < 120; i++) {
    await login(deps, { cpf: i % 12 === 0 ? lia.cpf : zeca.cpf, password: guess(i) }, nowhere);
  }
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD }, nowhere)), "ok");
});

Deno.test("three recovery requests of a stranger keep nobody from recovering", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const stranger = browser(deps, handle, "198.51.100.1");
  for (let i = 0; i < 12; i++) {
    const asked = await stranger.post("/recuperar-senha", { login: lia.cpf });
    assertEquals(asked.location, "/recuperar-senha/codigo");
  }
  deps.advance(1);
  const holder = browser(deps, handle, "192.0.2.5");
  await holder.post("/recuperar-senha", { login: lia.email });
  const codigo = await codeFor(deps, lia.email);
  const chosen = { codigo, senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
  const done = await holder.post("/recuperar-senha/codigo", chosen);
  assertEquals(done.location, "/entrar?senha-trocada");
  assertEquals((await holder.post("/entrar", typed(lia.cpf, OTHER_PASSWORD))).location, "/painel");
});

Deno.test("200 codes to a stranger's mailbox in an hour, by all forms that mail one: a few go out", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const victim = lia.email;
  const before = (await mailsTo(deps, victim)).length;
  const { cpf, cns, name } = declaredBy(nair);
  const inside = await browser(deps, handle, "198.51.100.1").enter(await seedUser(deps, caio));
  for (let i = 0; i < 50; i++) {
    const client = browser(deps, handle, `198.51.100.${i % 3}`);
    // A network's own limit, which the other forms of this test would reach.
    if (i % 14 === 0) deps.advance(15 * MINUTE);
    const typed = { cpf, cns, nome: name, email: victim };
    assertEquals((await client.post("/cadastro", typed)).location, "/cadastro/codigo");
    const asked = await client.post("/recuperar-senha", { login: victim });
    assertEquals(asked.location, "/recuperar-senha/codigo");
    if (i < 5) await inside.post("/conta/email", { email: victim, atual: PASSWORD });
  }
  const sent = (await mailsTo(deps, victim)).length - before;
  assert(sent <= 10, `${sent} mails`);
  assert(await mayMailCode(deps, { mailbox: victim, network: "192.0.2.5" }));
});

Deno.test("before the code no form says whether a CPF or an e-mail is known", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const { cns, name } = declaredBy(nair);
  const shown = async (path: string, fields: Record<string, string>, secret: string) => {
    const client = browser(deps, handle, "192.0.2.5");
    const { status, location, text } = await client.post(path, fields);
    const next = location ? (await client.get(location)).text : text;
    return [status, location, next.replaceAll(secret, "").replace(/nonce="[^"]*"/g, "")];
  };
  const alike = async (path: string, forms: [Record<string, string>, string][]) => {
    const [first, ...others] = await Promise.all(
      forms.map(([fields, secret]) => shown(path, fields, secret)),
    );
    for (const other of others) assertEquals(other, first, path);
  };
  for (const [known, unknown] of [[lia.cpf, nair.cpf], [lia.email, nair.email]] as const) {
    await alike("/entrar", [[typed(known, guess(1)), known], [typed(unknown, guess(1)), unknown]]);
    await alike("/recuperar-senha", [[{ login: known }, known], [{ login: unknown }, unknown]]);
  }
  const data = { cpf: nair.cpf, cns, nome: name };
  await alike("/cadastro", [
    [{ ...data, email: nair.email }, nair.email],
    [{ ...data, email: lia.email }, lia.email],
    [{ ...data, cpf: lia.cpf, email: zeca.email }, zeca.email],
  ]);
});

Deno.test("an e-mail that has an account: who reads the code is shown the way in", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const client = browser(deps, handle, "192.0.2.5");
  const { cpf, cns, name } = declaredBy(nair);
  deps.advance(1);
  await client.post("/cadastro", { cpf, cns, nome: name, email: lia.email });
  const codigo = await codeFor(deps, lia.email);
  const { status, text } = await client.post("/cadastro/codigo", { codigo });
  assertEquals(status, 422);
  assertStringIncludes(text, "Já há conta com este e-mail");
  assertStringIncludes(text, 'href="/entrar"');
});

const NEW = { senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };

/** The forms that hash a password, each in a browser that is where it is asked. */
const HASHING: Record<
  string,
  (deps: World) => Promise<[session: Session | null, path: string, form: Record<string, string>]>
> = {
  "sign-in": () => Promise.resolve([null, "/entrar", typed(lia.cpf, OTHER_PASSWORD)]),
  "recovery": async (deps) => {
    const session = await anonymous(deps);
    must(await requestRecovery(deps, session, { handle: lia.cpf, address: null }));
    return [session, "/recuperar-senha/codigo", { codigo: await codeFor(deps, lia.email), ...NEW }];
  },
  "self-registration": async (deps) => {
    const session = await selfRegistrationAt(deps, "senha", declaredBy(nair));
    return [session, "/cadastro/senha", NEW];
  },
  "certificate and password": async (deps) => {
    const { session } = await showCertificate(deps, certificate(deps, ALFA));
    return [session, "/certificado/senha", { senha: OTHER_PASSWORD }];
  },
  "first access": async (deps) => {
    const session = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
    return [session, "/primeiro-acesso/cadastro", { email: "novo@ficticia.example", ...NEW }];
  },
  "own password": async (deps) => [
    await seedSession(deps, lia),
    "/conta/senha",
    { atual: PASSWORD, ...NEW },
  ],
  "own e-mail": async (deps) => [
    await seedSession(deps, lia),
    "/conta/email",
    { email: "nova@ficticia.example", atual: OTHER_PASSWORD },
  ],
};

for (const [what, begin] of Object.entries(HASHING)) {
  Deno.test(`400 posts at once, ${what}: no more than the places are worked on, others 503 at once`, async () => {
    using deps = await seedRegistries();
    const handle = await testApp(deps, { budget: false });
    await seedRepresentative(deps);
    await seedUser(deps, lia);
    const [session, path, form] = await begin(deps);
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 400 }, async (_, i) => {
      const client = browser(deps, handle, `10.0.${i >> 8}.${i & 255}`);
      if (session) await client.enter(session);
      const { status } = await client.post(path, form);
      return [status, performance.now() - started] as const;
    }));
    const refused = answers.filter(([status]) => status === 503);
    const places = 17 * navigator.hardwareConcurrency;
    assert(
      answers.length - refused.length <= places,
      `${answers.length - refused.length} worked on`,
    );
    assert(answers.length > refused.length, "none was worked on");
    const last = Math.max(...refused.map(([, ms]) => ms));
    console.log(
      `  ${what}: ${answers.length - refused.length} worked on, 503 within ${last | 0} ms`,
    );
  });
}
