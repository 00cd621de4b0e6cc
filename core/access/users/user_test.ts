import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../../audit/chain.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeOf,
  enterRepresentative,
  enterUser,
  interruptedAfterList,
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
  world,
  zeca,
} from "../../testing_world.ts";
import { cpfCheckDigits } from "../../registry/numbers.ts";
import { keys } from "../../store/keys.ts";
import { findUsers } from "./find_users.ts";
import { DEFAULT_SYSTEMS } from "../../config/mod.ts";
import {
  getUser,
  listGrants,
  listOperadorasOfUser,
  registerUser,
  setGrants,
  type UserForm,
} from "./user.ts";

type World = Awaited<ReturnType<typeof world>>;

/** ALFA and BETA with their representatives. */
async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  return portal;
}

const addToBeta = (portal: World, person = lia) => addUser(portal, person, { cnpj: BETA, by: ivo });

async function subjects(portal: World, address: string): Promise<string[]> {
  return (await mailsTo(portal, address)).map(({ subject }) => subject);
}

Deno.test("J6: a person gets login and provisional password by e-mail, and the systems granted", async () => {
  using portal = await peopled();
  const systems = ["sib", "tiss", "sib"];
  const { person, known } = must(await addUser(portal, lia, { systems }));
  assertEquals(known, false);
  assertEquals([person.email, person.passwordHash], [null, null]);
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib", "tiss"]);
  assertEquals(await listOperadorasOfUser(portal, lia.cpf), [ALFA]);
  const password = await provisionalFor(portal, lia.email);
  assertEquals(must(await login(portal, { cpf: lia.cpf, password })).next, "first_access");
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  using portal = await peopled();
  const actor = await personOf(portal, rosa);
  const operadora = await operadoraOf(portal, ALFA);
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
    const refused = await registerUser(portal, actor, operadora, { ...right, ...change });
    assertEquals(codeOf(refused), code, JSON.stringify(change));
  }
  assertEquals(await listOperadorasOfUser(portal, lia.cpf), []);
  assertEquals(await mailsTo(portal, lia.email), []);
});

Deno.test("a form posted twice registers once and sends one password", async () => {
  using portal = await peopled();
  const outcomes = await Promise.all([addUser(portal, lia), addUser(portal, lia)]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "user_already_registered"]);
  assertEquals(codeOf(await addUser(portal, lia)), "user_already_registered");
  assertEquals((await mailsTo(portal, lia.email)).length, 1);
});

Deno.test("a thousand times the same system is one grant", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia, { systems: Array(2000).fill("sib") }));
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib"]);
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  must(await setGrants(portal, actor, ALFA, person, Array(2000).fill("tiss")));
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["tiss"]);
});

Deno.test("another operadora changes nothing of a person's account, and does not choose where they are told", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const before = { ...await personOf(portal, lia), contactEmail: "antigo@ficticia.example" };
  await portal.kv.set(keys.person(lia.cpf), before);
  const taken = { ...lia, name: "Outro Nome", email: "invasor@ficticia.example" };
  const { known } = must(await addToBeta(portal, taken));
  assertEquals(known, true);
  assertEquals(await personOf(portal, lia), before);
  assertEquals(await mailsTo(portal, taken.email), []);
  assert(
    (await subjects(portal, lia.email)).some((it) => it.startsWith("Você agora tem acesso a")),
  );
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "ok");
});

Deno.test("somebody who has not come in yet: the new password goes to the first address", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia));
  const first = await provisionalFor(portal, lia.email);
  portal.advance(1);
  must(await addToBeta(portal, { ...lia, email: "invasor@ficticia.example" }));
  assertEquals(await mailsTo(portal, "invasor@ficticia.example"), []);
  const second = await provisionalFor(portal, lia.email);
  assertNotEquals(second, first);
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: first })), "login_refused");
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: second })), "ok");
});

Deno.test("two operadoras register one person at once: one person, both ties", async () => {
  using portal = await peopled();
  const outcomes = await Promise.all([addUser(portal, lia), addToBeta(portal)]);
  const ids = outcomes.map((outcome) => must(outcome).person.id);
  assertEquals(ids[0], ids[1]);
  assertEquals(outcomes.map((outcome) => must(outcome).known).sort(), [false, true]);
  assertEquals((await listOperadorasOfUser(portal, lia.cpf)).sort(), [ALFA, BETA].sort());
  const sent = (await mailsTo(portal, lia.email)).map(({ text }) =>
    /provisória: (\S+)/.exec(text)![1]!
  );
  assertEquals(sent.length, 2);
  const tried = [];
  for (const password of sent) tried.push(codeOf(await login(portal, { cpf: lia.cpf, password })));
  assertEquals(tried.sort(), ["login_refused", "ok"]);
});

Deno.test("people and grants of another operadora are never seen", async () => {
  using portal = await peopled();
  await enterUser(portal, lia, { systems: ["sib"] });
  must(await addToBeta(portal, caio));
  const [person, other] = [await personOf(portal, lia), await personOf(portal, caio)];
  assertEquals((await getUser(portal, ALFA, person.id))?.cpf, lia.cpf);
  assertEquals(await getUser(portal, ALFA, other.id), null);
  assertEquals(await getUser(portal, BETA, person.id), null);
  assertEquals(await getUser(portal, ALFA, (await personOf(portal, rosa)).id), null);
  for (const id of ["", "01HZZZZZZZZZZZZZZZZZZZZZZZ", lia.cpf]) {
    assertEquals(await getUser(portal, ALFA, id), null);
  }
  assertEquals(await listGrants(portal, BETA, lia.cpf), []);
  const names = async (cnpj: string) => (await findUsers(portal, cnpj)).items.map((it) => it.name);
  assertEquals([await names(ALFA), await names(BETA)], [[lia.name], [caio.name]]);
});

Deno.test("grants are set only for people of the operadora, and for systems there are", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia));
  const person = await personOf(portal, lia);
  const actor = await personOf(portal, ivo);
  assertEquals(codeOf(await setGrants(portal, actor, BETA, person, ["sib"])), "user_not_found");
  assertEquals(codeOf(await setGrants(portal, actor, ALFA, person, ["root"])), "system_unknown");
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib"]);
  assertEquals(await listGrants(portal, BETA, lia.cpf), []);
});

Deno.test("grants become exactly those set, also when two set them at once", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia, { systems: [] }));
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  const meanwhile = interruptedAfterList(
    portal,
    async () => must(await setGrants(portal, actor, ALFA, person, ["diops", "tiss"])),
  );
  must(await setGrants(meanwhile, actor, ALFA, person, ["sib", "tiss"]));
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib", "tiss"]);
  must(await setGrants(portal, actor, ALFA, person, DEFAULT_SYSTEMS.map(({ id }) => id)));
  assertEquals((await listGrants(portal, ALFA, lia.cpf)).length, DEFAULT_SYSTEMS.length);
  must(await setGrants(portal, actor, ALFA, person, []));
  assertEquals(await listGrants(portal, ALFA, lia.cpf), []);
});

Deno.test("setting the same grants again leaves no record", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia));
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  const before = (await auditRecords(portal)).length;
  must(await setGrants(portal, actor, ALFA, person, ["sib"]));
  assertEquals((await auditRecords(portal)).length, before);
});

Deno.test("pages of people follow each other, whatever the cursor says", async () => {
  using portal = await peopled();
  const people = Array.from({ length: 5 }, (_, i) => {
    const base = String(940_000_000 + i);
    return { ...lia, cpf: base + cpfCheckDigits(base), email: `p${i}@ficticia.example` };
  });
  for (const person of people) must(await addUser(portal, person));
  must(await addToBeta(portal, zeca));
  const seen: string[] = [];
  let cursor: string | undefined;
  for (const size of [2, 2, 1]) {
    const page = await findUsers(portal, ALFA, { limit: 2, ...cursor ? { cursor } : {} });
    assertEquals(page.items.length, size);
    seen.push(...page.items.map(({ cpf }) => cpf));
    cursor = page.cursor ?? undefined;
  }
  assertEquals(cursor, undefined);
  assertEquals(seen, people.map(({ cpf }) => cpf));
  assertEquals((await findUsers(portal, ALFA, { limit: 5 })).cursor, null);
  const { id } = await personOf(portal, zeca);
  for (const strange of ["x", "%", id, lia.cpf]) {
    assertEquals((await findUsers(portal, ALFA, { cursor: strange })).items.length, 5);
  }
});

Deno.test("the log tells ids and systems, no CPF, name, address or password; the store no password", async () => {
  using portal = await peopled();
  must(await addUser(portal, lia, { systems: ["sib", "tiss"] }));
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  must(await setGrants(portal, actor, ALFA, person, ["rpc", "tiss"]));
  const records = (await auditRecords(portal)).filter(({ event }) => event.endsWith("changed"));
  assertEquals(
    records.map(({ event, actor, subject, detail }) => ({ event, actor, subject, detail })),
    [{
      event: "user.grants_changed",
      actor: actor.id,
      subject: person.id,
      detail: { added: "rpc", taken: "sib" },
    }],
  );
  const password = await provisionalFor(portal, lia.email);
  const text = JSON.stringify(await auditRecords(portal));
  for (const secret of [lia.cpf, rosa.cpf, lia.name, lia.email, password]) {
    assert(!text.includes(secret), secret);
  }
  for await (const { key, value } of portal.kv.list({ prefix: [] })) {
    if (key[0] === "outbox") continue;
    assert(!Deno.inspect([key, value], { depth: 20 }).includes(password));
  }
  assertEquals((await verifyStream(portal.kv, ALFA)).brokenAt, null);
});
