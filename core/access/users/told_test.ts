import { assertEquals, assertMatch } from "@std/assert";
import type { Deps } from "../../deps.ts";
import type { Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type { OutboxRecord } from "../../store/records/outbox.ts";
import type { Operadora } from "../../store/records/registry.ts";
import {
  ALFA,
  auditRecords,
  BETA,
  certificate,
  codeOf,
  ivo,
  lia,
  must,
  operadoraOf,
  outgoing,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { setUserActive } from "./deactivate_user.ts";
import { setGrants } from "./grants.ts";

/** Who acts, for which operadora, on whom. */
interface Scene {
  deps: Deps;
  actor: Account;
  operadora: Operadora;
  person: Account;
}

interface Row {
  what: string;

  whom: typeof lia;
  /** Before what is looked at. */
  given?: (scene: Scene) => Promise<Result<unknown>>;
  act: (scene: Scene) => Promise<Result<unknown>>;
  event: string;
  mails: [to: string, subject: RegExp][];
  /** What it says when the other operadora does it; null where anybody may. */
  stranger: string | null;
}

const switchTo = (active: boolean) => ({ deps, actor, operadora, person }: Scene) =>
  setUserActive(deps, actor, operadora, person, active);
const grant = (...systems: string[]) => ({ deps, actor, operadora, person }: Scene) =>
  setGrants(deps, actor, operadora.cnpj, person, systems);

const ROWS: Row[] = [
  {
    what: "a system granted",
    whom: lia,
    act: grant("sib", "tiss"),
    event: "user.grants_changed",
    mails: [[lia.email, /^Seus sistemas em ALFABETA.* mudaram/]],
    stranger: "user_not_found",
  },
  {
    what: "a system taken",
    whom: lia,
    act: grant(),
    event: "user.grants_changed",
    mails: [[lia.email, /^Seus sistemas em ALFABETA.* mudaram/]],
    stranger: "user_not_found",
  },
  {
    what: "deactivated",
    whom: lia,
    act: switchTo(false),
    event: "user.deactivated",
    mails: [[lia.email, /^Seu acesso a ALFABETA.* foi desativado/]],
    stranger: "user_not_found",
  },
  {
    what: "reactivated",
    whom: lia,
    given: switchTo(false),
    act: switchTo(true),
    event: "user.reactivated",
    mails: [[lia.email, /^Seu acesso a ALFABETA.* voltou/]],
    stranger: "user_not_found",
  },
];

/** ALFA and BETA with their representatives; Lia works for ALFA. */
async function stage(row: Pick<Row, "whom">) {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  const [alfa, beta] = [await operadoraOf(deps, ALFA), await operadoraOf(deps, BETA)];
  const [ofAlfa, ofBeta] = [await personOf(deps, rosa), await personOf(deps, ivo)];
  const person = await personOf(deps, row.whom);
  const scenes = {
    alfa: { deps, actor: ofAlfa, operadora: alfa, person },
    beta: { deps, actor: ofBeta, operadora: beta, person },
  };
  return { deps, ...scenes, own: scenes.alfa };
}

/** What `work` adds to the log and to the outbox. */
async function told(deps: Deps, work: () => Promise<Result<unknown>>) {
  const all = async () => ({ records: await auditRecords(deps), sent: await outbox(deps) });
  const before = await all();
  const code = codeOf(await work());
  const after = await all();
  const seen = new Set([...before.records, ...before.sent].map(({ id }) => id));
  return {
    code,
    records: after.records.filter(({ id }) => !seen.has(id)),
    mails: after.sent.filter(({ id }) => !seen.has(id)).map((record) => outgoing(deps, record))
      .filter((message) => message.channel === "mail"),
  };
}

async function outbox(deps: Deps): Promise<OutboxRecord[]> {
  const list = deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() });
  return (await Array.fromAsync(list)).map(({ value }) => value);
}

for (const row of ROWS) {
  Deno.test(`${row.what}: in the log of the operadora, and told at the right address`, async () => {
    const { deps, own } = await stage(row);
    using _ = deps;
    if (row.given) must(await row.given(own));
    const { code, records, mails } = await told(deps, () => row.act(own));
    assertEquals(code, "ok");
    assertEquals(
      records.map(({ event, actor, subject }) => [event, actor, subject]),
      [[row.event, own.actor.id, (await personOf(deps, row.whom)).id]],
    );
    const stream = deps.kv.list({ prefix: keys.audit.under(own.operadora.cnpj) });
    const logged = (await Array.fromAsync(stream)).at(-1)?.value;
    assertEquals(logged, records[0]);
    assertEquals(mails.map(({ to }) => to).sort(), row.mails.map(([to]) => to).sort());
    for (const [to, subject] of row.mails) {
      assertMatch(mails.find((mail) => mail.to === to)!.subject, subject);
    }
    // Whoever was known keeps their name.
    assertEquals((await personOf(deps, row.whom)).name, own.person.name);
  });
}

Deno.test("what is refused, or changes nothing, is neither logged nor told", async () => {
  for (const row of ROWS) {
    const { deps, own, beta } = await stage(row);
    using _ = deps;
    if (row.stranger) {
      const { code, records, mails } = await told(deps, () => row.act(beta));
      assertEquals([code, records, mails], [row.stranger, [], []], row.what);
    }
    if (row.given) must(await row.given(own));
    must(await row.act(own));
    // The same again.
    const again = await told(deps, () => row.act(own));
    assertEquals([again.records, again.mails], [[], []], row.what);
  }
});
