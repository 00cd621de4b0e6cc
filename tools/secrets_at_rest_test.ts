import { assert, assertEquals } from "@std/assert";
import { confirmEmailChange, requestEmailChange } from "../core/account/change_email.ts";
import { requestRecovery } from "../core/account/recovery.ts";
import type { Deps } from "../core/deps.ts";
import { listDeadLetters } from "../core/outbox/dead_letters.ts";
import type { Delivery } from "../core/outbox/send.ts";
import { runOutbox } from "../core/outbox/testing.ts";
import { keys } from "../core/store/keys.ts";
import { openStore } from "../core/store/open.ts";
import { list } from "../core/store/read.ts";
import type { OutboxRecord } from "../core/store/records/outbox.ts";
import { readFiles } from "../core/store/testing.ts";
import * as fixtures from "@/tests/fixtures/mod.ts";
import { withTaskFolder } from "./task_testing.ts";

const ROUNDS = 30;
/** Each round: two provisional passwords, four codes, one of them to nobody, a link, a notice. */
const LEAST_MAILS = 200;

/** What a mail gives whoever reads it: codes, passwords, keys of links. */
const SECRETS = [
  /código de confirmação é:\s+(\S{8})\s/,
  /Senha provisória: (\S+)/,
  /&chave=([\w-]{22})/,
];

function secretsIn(text: string): string[] {
  return SECRETS.flatMap((pattern) => pattern.exec(text)?.[1] ?? []);
}

/** How a text stands in a file of the store: V8 writes two bytes a character when one is beyond Latin 1. */
function isIn(files: string, secret: string): boolean {
  return files.includes(secret) || files.includes([...secret].join("\0"));
}

/** All that sends secrets, for people of its own; nothing is sent yet. */
async function round(deps: Deps, number: number): Promise<void> {
  const [own, registered, declared] = [0, 1, 2].map((i) => {
    const id = 1_000 + 10 * number + i;
    return fixtures.inventPerson(id, "Fulana Inventada Melo", `p${id}@pessoas.example`);
  }) as [fixtures.TestPerson, fixtures.TestPerson, fixtures.TestPerson];
  const address = `192.0.2.${number}`;
  const session = await fixtures.seedUser(deps, own);
  await fixtures.addUser(deps, registered);
  const form = fixtures.declaredBy(declared);
  fixtures.must(await fixtures.declare(deps, await fixtures.anonymous(deps), form, address));
  const recover = async (cpf: string) =>
    fixtures.must(
      await requestRecovery(deps, await fixtures.anonymous(deps), { handle: cpf, address }),
    );
  await recover(own.cpf);
  await recover(fixtures.inventPerson(9_000 + number, "Ninguém", "n@pessoas.example").cpf);
  const email = `novo.${own.email}`;
  const change = { email, password: fixtures.PASSWORD, address };
  fixtures.must(await requestEmailChange(deps, session, change));
  const code = await fixtures.codeFor(deps, email);
  fixtures.must(await confirmEmailChange(deps, session, code));
}

async function decoys(deps: Deps): Promise<string[]> {
  const entries = await Array.fromAsync(list(deps.kv, keys.decoy.under()));
  return entries.flatMap(({ value }) =>
    value === true ? [] : secretsIn(textOf(fixtures.outgoing(deps, value as OutboxRecord)))
  );
}

const textOf = (message: object) => "text" in message ? String(message.text) : "";

Deno.test("codes, passwords and links of mails are in no file of the store, sent, waiting or given up", () =>
  withTaskFolder(async ({ path, run }) => {
    const data = `${path}/data`;
    const secrets = new Set<string>();
    let mails = 0;
    {
      using kv = await openStore(data);
      const deps: Deps = { kv, config: fixtures.testConfig, now: Date.now };
      await fixtures.importEdition(deps);
      await fixtures.seedRepresentative(deps);
      const fates: Delivery[] = [
        { outcome: "sent" },
        { outcome: "never", error: "550 no such mailbox" },
        { outcome: "later", error: "connect ECONNREFUSED" },
      ];
      for (let i = 0; i < ROUNDS; i++) {
        await round(deps, i);
        const waiting = await fixtures.messages(deps);
        for (const message of waiting) {
          secretsIn(textOf(message)).forEach((one) => secrets.add(one));
        }
        const delivery = fates[i % 3]!;
        await runOutbox(deps, () => {
          if (delivery.outcome !== "later") mails++;
          return Promise.resolve(delivery);
        });
      }
      for (const one of await decoys(deps)) secrets.add(one);
      assert((await listDeadLetters(deps)).length > 20);
      const { length } = await fixtures.messages(deps);
      assert(length > 20);
      mails += length;
    }
    assert(mails >= LEAST_MAILS && secrets.size >= 6 * ROUNDS, `${mails} ${secrets.size}`);
    const found = async () => {
      const files = await readFiles(data);
      return [...secrets].filter((secret) => isIn(files, secret)).length;
    };
    assertEquals(await found(), 0, "as it was written");
    const { code, stderr } = await run("store:compact");
    assertEquals(code, 0, stderr);
    assertEquals(await found(), 0, "compacted");
  }));
