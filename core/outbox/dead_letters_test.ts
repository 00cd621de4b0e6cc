import { assertEquals, assertMatch } from "@std/assert";
import { DAY, MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { confirmationCode } from "../mails/account_mails.ts";
import { invited } from "../mails/user_mails.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { DeadLetter, Mail, OutboxRecord } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { listDeadLetters, retryDeadLetter, wipeDeadLetters } from "./dead_letters.ts";
import { enqueue } from "./enqueue.ts";
import type { Delivery } from "./send.ts";
import { labelled, runOutbox } from "./testing.ts";

const TO = "fulana@b.example";
const CODE = "ABCD2345";
const PASSWORD = invited(
  { cpf: "52998224725", password: "Xk29vbqw", hours: 72, until: 0 },
  { operadora: "ALFA", origin: "https://portal.example" },
);
const NEVER: Delivery = { outcome: "never", error: "550" };

const put = (deps: TestDeps, mail: Mail) =>
  transact(deps.kv, (tx) => enqueue(deps, tx, { channel: "mail", to: TO, mail }));

/** The same store once more, at the same time. */
async function copyOf(deps: TestDeps): Promise<TestDeps> {
  const copy = await testDeps({}, deps.now());
  for await (const { key, value } of deps.kv.list({ prefix: [] })) await copy.kv.set(key, value);
  return copy;
}

/** What the dead letters say of each mail: its name, and whether it could be sent. */
async function letters(deps: TestDeps) {
  return (await listDeadLetters(deps)).map(({ message }) =>
    "mail" in message ? [message.mail, message.masked, message.sealed !== null] : []
  );
}

for (
  const [what, mail, life] of [
    ["a code", confirmationCode(CODE, 10), 10 * MINUTE],
    ["a provisional password", PASSWORD, 3 * DAY],
  ] as const
) {
  Deno.test(`a dead letter with ${what} can be given back while that is good, then it is wiped`, async () => {
    using deps = await testDeps();
    await put(deps, mail);
    await runOutbox(deps, () => Promise.resolve(NEVER));
    deps.advance(life - 1);
    assertEquals(await wipeDeadLetters(deps), 0);
    assertEquals(await letters(deps), [[mail.mail, "f***@b.example", true]]);
    deps.advance(1);
    // Not even before the cron has come.
    const other = await copyOf(deps);
    const [early] = await listDeadLetters(other);
    assertEquals(await retryDeadLetter(other, early!.id), { outcome: "ended", mail: mail.mail });
    other.kv.close();
    assertEquals(await wipeDeadLetters(deps), 1);
    assertEquals(await letters(deps), [[mail.mail, "f***@b.example", false]]);
    assertEquals(await wipeDeadLetters(deps), 0);
    const [letter] = await listDeadLetters(deps);
    assertEquals(await retryDeadLetter(deps, letter!.id), { outcome: "ended", mail: mail.mail });
    assertEquals(await letters(deps), []);
  });
}

Deno.test("one that holds no secret is given back after weeks", async () => {
  using deps = await testDeps();
  await transact(deps.kv, (tx) => enqueue(deps, tx, labelled(TO)));
  await runOutbox(deps, () => Promise.resolve(NEVER));
  deps.advance(29 * DAY);
  assertEquals(await wipeDeadLetters(deps), 0);
  const [letter] = await listDeadLetters(deps);
  assertEquals(await retryDeadLetter(deps, letter!.id), { outcome: "given_back" });
  assertEquals(await runOutbox(deps, () => Promise.resolve({ outcome: "sent" })), 1);
});

Deno.test("a code that ended while its mail waited is not sent; that is nobody's refusal", async () => {
  using deps = await testDeps();
  await put(deps, confirmationCode(CODE, 10));
  deps.advance(10 * MINUTE);
  let tried = 0;
  await runOutbox(deps, () => Promise.resolve((tried++, { outcome: "sent" } as const)));
  assertEquals(tried, 0);
  assertEquals(await letters(deps), [["confirmationCode", "f***@b.example", false]]);
  assertEquals(await read(deps.kv, keys.failureRow("mail")), null);
});

Deno.test("what a server answers is kept without the address and the code that it repeats", async () => {
  using deps = await testDeps();
  await put(deps, confirmationCode(CODE, 10));
  const error = `451 <${TO}>: "Código de confirmação: ${CODE}" looks like spam`;
  await runOutbox(deps, () => Promise.reject(new Error(error)));
  const [record] = await Array.fromAsync(
    deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() }),
  );
  assertEquals(
    record!.value.lastError,
    '451 <f***@b.example>: "Código de confirmação: ***" looks like spam',
  );
  assertMatch(String(record!.key[1]), /^mail:[\w-]{43}$/);
});

Deno.test("mails that an older version of the portal has written: sent when they wait, wiped when dead", async () => {
  using deps = await testDeps();
  const message = { channel: "mail", to: TO, subject: `Código: ${CODE}`, text: CODE } as const;
  const record = { message, createdAt: deps.now(), attempts: 0, lastError: null };
  const letter: DeadLetter = { ...record, id: "01KB0000000000000000000001", diedAt: deps.now() };
  const partition = `mail:${TO}`;
  await transact(deps.kv, (tx) => {
    tx.set(keys.outboxDead(letter.id), letter);
    tx.set(keys.outbox(partition, "01KB0000000000000000000002"), {
      ...record,
      id: "01KB0000000000000000000002",
    });
    tx.set(keys.outboxDue("mail", deps.now(), partition, "01KB0000000000000000000002"), deps.now());
  });
  const sent: unknown[] = [];
  await runOutbox(deps, (one) => Promise.resolve((sent.push(one), { outcome: "sent" } as const)));
  assertEquals(sent, [message]);
  assertEquals(await wipeDeadLetters(deps), 1);
  assertEquals(await letters(deps), [["older", "f***@b.example", false]]);
  const dump = await Array.fromAsync(deps.kv.list({ prefix: [] }));
  assertEquals(Deno.inspect(dump, { depth: 9 }).includes(CODE), false);
});
