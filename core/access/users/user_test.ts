import { assert, assertEquals } from "@std/assert";
import { newAccountId } from "../../account/account.ts";
import { verifyStream } from "../../audit/chain.ts";
import {
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
  must,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedTie,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { cpfCheckDigits } from "../../registry/numbers.ts";
import { findUsers } from "./find_users.ts";
import { DEFAULT_SYSTEMS } from "../../config/mod.ts";
import { getUser } from "./user_of_operadora.ts";
import { listGrants, setGrants } from "./grants.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** ALFA and BETA with their representatives. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  return deps;
}

Deno.test("a thousand times the same system is one grant", async () => {
  using deps = await peopled();
  await seedUser(deps, lia, Array(2000).fill("sib"));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  must(await setGrants(deps, actor, ALFA, person, Array(2000).fill("tiss")));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["tiss"]);
});

Deno.test("people and grants of another operadora are never seen", async () => {
  using deps = await peopled();
  await seedUser(deps, lia, ["sib"]);
  await seedTie(deps, caio, BETA);
  const [person, other] = [await personOf(deps, lia), await personOf(deps, caio)];
  assertEquals((await getUser(deps, ALFA, person.id))?.tie.cpf, lia.cpf);
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
  await seedUser(deps, lia);
  const person = await personOf(deps, lia);
  const actor = await personOf(deps, ivo);
  assertEquals(codeOf(await setGrants(deps, actor, BETA, person, ["sib"])), "user_not_found");
  assertEquals(codeOf(await setGrants(deps, actor, ALFA, person, ["root"])), "system_unknown");
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  assertEquals(await listGrants(deps, BETA, await idOf(deps, lia)), []);
});

Deno.test("grants become exactly those set, also when two set them at once", async () => {
  using deps = await peopled();
  await seedUser(deps, lia, []);
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
  await seedUser(deps, lia);
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
  for (const person of people) await seedUser(deps, person);
  await seedTie(deps, zeca, BETA);
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
  await seedUser(deps, lia, ["sib", "tiss"]);
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
