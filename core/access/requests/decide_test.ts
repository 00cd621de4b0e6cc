import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import { keys } from "../../store/keys.ts";
import type { Profile } from "../../store/records/access.ts";
import type { Account } from "../../store/records/account.ts";
import type { AuditRecord } from "../../store/records/audit.ts";
import type { OutboxRecord } from "../../store/records/outbox.ts";
import { rememberMessage } from "./transition.ts";
import {
  ALFA,
  importEdition,
  inLetters,
  inventPerson,
  must,
  seedMember,
  seedPerson,
  seedRepresentative,
  type TestDeps,
  testDeps,
} from "@/tests/fixtures/mod.ts";
import { decideRequest, mayDecide } from "./decide.ts";
import { createRequest } from "./create.ts";
import { listPending } from "./request.ts";

const CNES = ["2077485", "3001229"] as const;

/** A person, who may have a profile at an establishment. */
async function addPerson(
  deps: TestDeps,
  number: number,
  profile?: Profile,
  cnes: string = CNES[0],
): Promise<Account> {
  const email = `p${number}@pessoas.example`;
  const person = await seedPerson(deps, inventPerson(number, `Pessoa ${inLetters(number)}`, email));
  if (profile) await seedMember(deps, person, profile, cnes);
  return person;
}

async function prepare(deps: TestDeps) {
  await importEdition(deps);
  await seedRepresentative(deps);
  await seedEstablishments(deps, CNES.map((cnes) => ({ cnes, cnpjMantenedora: ALFA })));
  const administrator = await addPerson(deps, 1, "ADMINISTRADOR");
  const ask = async (number: number, cnes: string = CNES[0]) => {
    const person = await addPerson(deps, number);
    return must(await createRequest(deps, person, { cnes, profile: "OPERADOR" }, UNLIMITED)).id;
  };
  return { administrator, ask };
}

/** Numbers of the messages that the outbox is to bring up to date. */
async function notices(deps: TestDeps): Promise<number[]> {
  const entries = await Array.fromAsync(
    deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() }),
  );
  return entries.flatMap(({ value: { message } }) =>
    message.channel === "chat" && message.what === "request_decided" ? [message.messageId] : []
  ).sort((a, b) => a - b);
}

const approval = (requestId: string, { id: by }: Account) =>
  ({ requestId, outcome: "aprovada", by, via: "portal", standing: UNLIMITED }) as const;

Deno.test("a decision tells each chat that shows the request, in its newest message", async () => {
  using deps = await testDeps();
  const { administrator, ask } = await prepare(deps);
  const id = await ask(2);
  assertEquals(await rememberMessage(deps, id, 71, 100), null);
  assertEquals(await rememberMessage(deps, id, 72, 200), null);
  assertEquals(await rememberMessage(deps, id, 71, 101), 100);
  assertEquals((await decideRequest(deps, approval(id, administrator))).ok, true);
  assertEquals(await notices(deps), [101, 200]);
});

Deno.test("a message remembered after the decision is brought up to date all the same", async () => {
  using deps = await testDeps();
  const { administrator, ask } = await prepare(deps);
  const id = await ask(2);
  await decideRequest(deps, approval(id, administrator));
  await rememberMessage(deps, id, 71, 100);
  assertEquals(await notices(deps), [100]);
});

Deno.test("a message remembered while the decision is made is never missed", async () => {
  using deps = await testDeps();
  const { administrator, ask } = await prepare(deps);
  const chats = Array.from({ length: 20 }, (_, i) => i);
  const rounds = 15;
  for (let round = 0; round < rounds; round++) {
    const id = await ask(round + 2);
    const decided = decideRequest(deps, approval(id, administrator));
    // Each begins one read later than the one before, so that some fall between any two steps.
    const remembered = chats.map(async (chat) => {
      for (let i = 0; i < chat; i++) await deps.kv.get(["nothing"]);
      await rememberMessage(deps, id, chat, round);
    });
    await Promise.all([decided, ...remembered]);
  }
  const expected = Array.from({ length: rounds }, (_, round) => chats.map(() => round)).flat();
  assertEquals(await notices(deps), expected);
});

Deno.test("a message about a request that does not exist is not remembered", async () => {
  using deps = await testDeps();
  await prepare(deps);
  assertEquals(await rememberMessage(deps, "01JBSK0Z00ABCDEFGHJKMNPQRS", 71, 100), null);
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.requestMessage.under() })), []);
});

Deno.test("who may decide is asked without deciding; a denial leaves its trace", async () => {
  using deps = await testDeps();
  const { administrator, ask } = await prepare(deps);
  const id = await ask(2);
  const attempt = async ({ id: by }: Account) => {
    const answer = await mayDecide(deps, {
      requestId: id,
      by,
      via: "telegram",
      standing: UNLIMITED,
    });
    return answer.ok ? "yes" : answer.code;
  };
  const operator = await addPerson(deps, 3, "OPERADOR");
  const elsewhere = await addPerson(deps, 4, "ADMINISTRADOR", CNES[1]);
  assertEquals(await attempt(administrator), "yes");
  assertEquals(await attempt(operator), "not_allowed");
  assertEquals(await attempt(elsewhere), "not_allowed");
  const stream = deps.kv.list<AuditRecord>({ prefix: keys.audit.under(CNES[0]) });
  const denials = (await Array.fromAsync(stream)).map(({ value }) => value)
    .filter(({ event }) => event === "request.decision_denied");
  assertEquals(denials.map(({ actor }) => actor), [operator.id, elsewhere.id]);
  assertEquals((await decideRequest(deps, approval(id, administrator))).ok, true);
  assertEquals(await attempt(administrator), "request_already_decided");
});

Deno.test("what waits at several establishments comes oldest first, page after page", async () => {
  using deps = await testDeps();
  const { ask } = await prepare(deps);
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) {
    ids.push(await ask(10 + i, CNES[i % 2]));
    deps.advance(1_000);
  }
  const page = async (after?: string) =>
    (await listPending(deps, CNES, { limit: 3, ...(after && { after }) })).map(({ id }) => id);
  assertEquals(await page(), ids.slice(0, 3));
  assertEquals(await page(ids[2]), ids.slice(3, 6));
  assertEquals(await page(ids[5]), ids.slice(6));
  assertEquals(await page(ids[6]), []);
});
