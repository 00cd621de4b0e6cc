import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { getAccountOfCpf, newAccountId } from "../../account/account.ts";
import { verifyStream } from "../../audit/chain.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeOf,
  idOf,
  instead,
  ivo,
  lia,
  login,
  mailsTo,
  must,
  operadoraOf,
  PASSWORD,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { cpfCheckDigits } from "../../registry/numbers.ts";
import { keys } from "../../store/keys.ts";
import { findUsers } from "./find_users.ts";
import { DEFAULT_SYSTEMS } from "../../config/mod.ts";
import { getUser } from "./user_of_operadora.ts";
import { listOperadorasOfUser } from "../../account/operadoras.ts";
import { listGrants, setGrants } from "./grants.ts";
import { registerUser, type UserForm } from "./register_user.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** ALFA and BETA with their representatives. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  return deps;
}

const addToBeta = (deps: World, person = lia) => addUser(deps, person, { cnpj: BETA });

async function subjects(deps: World, address: string): Promise<string[]> {
  return (await mailsTo(deps, address)).map(({ subject }) => subject);
}

Deno.test("J6: a person gets login and provisional password by e-mail, and the systems granted", async () => {
  using deps = await peopled();
  const systems = ["sib", "tiss", "sib"];
  const { person, known } = must(await addUser(deps, lia, { systems }));
  assertEquals(known, false);
  assertEquals([person.email, person.password], [null, null]);
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib", "tiss"]);
  assertEquals(await listOperadorasOfUser(deps, await idOf(deps, lia)), [ALFA]);
  const password = await provisionalFor(deps, lia.email);
  assertEquals(must(await login(deps, { cpf: lia.cpf, password })).next, "first_access");
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  using deps = await peopled();
  const actor = await personOf(deps, rosa);
  const operadora = await operadoraOf(deps, ALFA);
  const right: UserForm = { ...lia, systems: ["sib"] };
  const wrong: [string, Partial<UserForm>][] = [
    ["cpf_invalid", { cpf: "123.456.789-00" }],
    ["name_invalid", { name: "Lia" }],
    ["name_invalid", { name: "   " }],
    ["name_invalid", { name: "Lia <b>Campos</b>" }],
    ["name_invalid", { name: "Lia " + "a".repeat(120) }],
    ["email_invalid", { email: "lia@empresa" }],
    ["email_invalid", { email: "a@x.example, b@x.example" }],
    ["email_invalid", { email: "a@x.example\r\nBcc: b@x.example" }],
    ["system_unknown", { systems: ["sib", "root"] }],
    ["system_unknown", { systems: [""] }],
  ];
  for (const [code, change] of wrong) {
    const refused = await registerUser(deps, actor, operadora, { ...right, ...change });
    assertEquals(codeOf(refused), code, JSON.stringify(change));
  }
  assertEquals(await getAccountOfCpf(deps, lia.cpf), null);
  assertEquals(await mailsTo(deps, lia.email), []);
});

Deno.test("a form posted twice registers once and sends one password", async () => {
  using deps = await peopled();
  const outcomes = await Promise.all([addUser(deps, lia), addUser(deps, lia)]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "user_already_registered"]);
  assertEquals(codeOf(await addUser(deps, lia)), "user_already_registered");
  assertEquals((await mailsTo(deps, lia.email)).length, 1);
});

Deno.test("a thousand times the same system is one grant", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia, { systems: Array(2000).fill("sib") }));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  must(await setGrants(deps, actor, ALFA, person, Array(2000).fill("tiss")));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["tiss"]);
});

Deno.test("another operadora changes nothing of a person's account, and does not choose where they are told", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const before = { ...await personOf(deps, lia), contactEmail: "antigo@ficticia.example" };
  await deps.kv.set(keys.account(await idOf(deps, lia)), before);
  const taken = { ...lia, name: "Outro Nome", email: "invasor@ficticia.example" };
  const { known } = must(await addToBeta(deps, taken));
  assertEquals(known, true);
  assertEquals(await personOf(deps, lia), before);
  assertEquals(await mailsTo(deps, taken.email), []);
  assert(
    (await subjects(deps, lia.email)).some((it) => it.startsWith("Você agora tem acesso a")),
  );
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "ok");
});

Deno.test("somebody who has not come in yet: the new password goes to the first address", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia));
  const first = await provisionalFor(deps, lia.email);
  deps.advance(1);
  must(await addToBeta(deps, { ...lia, email: "invasor@ficticia.example" }));
  assertEquals(await mailsTo(deps, "invasor@ficticia.example"), []);
  const second = await provisionalFor(deps, lia.email);
  assertNotEquals(second, first);
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: first })), "login_refused");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: second })), "ok");
});

Deno.test("two operadoras register one person at once: one person, both ties", async () => {
  using deps = await peopled();
  const outcomes = await Promise.all([addUser(deps, lia), addToBeta(deps)]);
  const ids = outcomes.map((outcome) => must(outcome).person.id);
  assertEquals(ids[0], ids[1]);
  assertEquals(outcomes.map((outcome) => must(outcome).known).sort(), [false, true]);
  assertEquals(
    (await listOperadorasOfUser(deps, await idOf(deps, lia))).sort(),
    [ALFA, BETA].sort(),
  );
  const sent = (await mailsTo(deps, lia.email)).map(({ text }) =>
    /provisória: (\S+)/.exec(text)![1]!
  );
  assertEquals(sent.length, 2);
  const tried = [];
  for (const password of sent) tried.push(codeOf(await login(deps, { cpf: lia.cpf, password })));
  assertEquals(tried.sort(), ["login_refused", "ok"]);
});

Deno.test("people and grants of another operadora are never seen", async () => {
  using deps = await peopled();
  await seedUser(deps, lia, ["sib"]);
  must(await addToBeta(deps, caio));
  const [person, other] = [await personOf(deps, lia), await personOf(deps, caio)];
  assertEquals((await getUser(deps, ALFA, person.id))?.cpf, lia.cpf);
  assertEquals(await getUser(deps, ALFA, other.id), null);
  assertEquals(await getUser(deps, BETA, person.id), null);
  assertEquals(await getUser(deps, ALFA, (await personOf(deps, rosa)).id), null);
  assertEquals(await getUser(deps, ALFA, newAccountId(deps.now())), null);
  assertEquals(await listGrants(deps, BETA, await idOf(deps, lia)), []);
  const names = async (cnpj: string) => (await findUsers(deps, cnpj)).items.map((it) => it.name);
  assertEquals([await names(ALFA), await names(BETA)], [[lia.name], [caio.name]]);
});

Deno.test("grants are set only for people of the operadora, and for systems there are", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia));
  const person = await personOf(deps, lia);
  const actor = await personOf(deps, ivo);
  assertEquals(codeOf(await setGrants(deps, actor, BETA, person, ["sib"])), "user_not_found");
  assertEquals(codeOf(await setGrants(deps, actor, ALFA, person, ["root"])), "system_unknown");
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  assertEquals(await listGrants(deps, BETA, await idOf(deps, lia)), []);
});

Deno.test("grants become exactly those set, also when two set them at once", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia, { systems: [] }));
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  let lists = 0;
  const list = async function* (...args: Parameters<Deno.Kv["list"]>) {
    yield* deps.kv.list(...args);
    if (++lists === 1) must(await setGrants(deps, actor, ALFA, person, ["diops", "tiss"]));
  };
  const meanwhile = { ...deps, kv: instead(deps.kv, { list }) };
  must(await setGrants(meanwhile, actor, ALFA, person, ["sib", "tiss"]));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib", "tiss"]);
  must(await setGrants(deps, actor, ALFA, person, DEFAULT_SYSTEMS.map(({ id }) => id)));
  assertEquals(
    (await listGrants(deps, ALFA, await idOf(deps, lia))).length,
    DEFAULT_SYSTEMS.length,
  );
  must(await setGrants(deps, actor, ALFA, person, []));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), []);
});

Deno.test("setting the same grants again leaves no record", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia));
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  const before = (await auditRecords(deps)).length;
  must(await setGrants(deps, actor, ALFA, person, ["sib"]));
  assertEquals((await auditRecords(deps)).length, before);
});

Deno.test("pages of people follow each other, whatever the cursor says", async () => {
  using deps = await peopled();
  const people = Array.from({ length: 5 }, (_, i) => {
    const base = String(940_000_000 + i);
    return { ...lia, cpf: base + cpfCheckDigits(base), email: `p${i}@ficticia.example` };
  });
  for (const person of people) must(await addUser(deps, person));
  must(await addToBeta(deps, zeca));
  const seen: string[] = [];
  let cursor: string | undefined;
  for (const size of [2, 2, 1]) {
    const page = await findUsers(deps, ALFA, { limit: 2, ...cursor ? { cursor } : {} });
    assertEquals(page.items.length, size);
    seen.push(...page.items.map(({ cpf }) => cpf));
    cursor = page.cursor ?? undefined;
  }
  assertEquals(cursor, undefined);
  assertEquals(seen, people.map(({ cpf }) => cpf));
  assertEquals((await findUsers(deps, ALFA, { limit: 5 })).cursor, null);
  const { id } = await personOf(deps, zeca);
  for (const strange of ["x", "%", id, lia.cpf]) {
    assertEquals((await findUsers(deps, ALFA, { cursor: strange })).items.length, 5);
  }
});

Deno.test("the log tells ids and systems, no CPF, name, address or password; the store no password", async () => {
  using deps = await peopled();
  must(await addUser(deps, lia, { systems: ["sib", "tiss"] }));
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  must(await setGrants(deps, actor, ALFA, person, ["rpc", "tiss"]));
  const records = (await auditRecords(deps)).filter(({ event }) => event.endsWith("changed"));
  assertEquals(
    records.map(({ event, actor, subject, detail }) => ({ event, actor, subject, detail })),
    [{
      event: "user.grants_changed",
      actor: actor.id,
      subject: person.id,
      detail: { added: "rpc", taken: "sib" },
    }],
  );
  const password = await provisionalFor(deps, lia.email);
  const text = JSON.stringify(await auditRecords(deps));
  for (const secret of [lia.cpf, rosa.cpf, lia.name, lia.email, password]) {
    assert(!text.includes(secret), secret);
  }
  for await (const { key, value } of deps.kv.list({ prefix: [] })) {
    if (key[0] === "outbox") continue;
    assert(!Deno.inspect([key, value], { depth: 20 }).includes(password));
  }
  assertEquals((await verifyStream(deps.kv, ALFA)).brokenAt, null);
});
