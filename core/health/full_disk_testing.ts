/**
 * A portal on a disk that is full, in a process of its own: the test starts it with a limit on the size
 * of its files, and it writes until the store refuses. Prints what it finds then, as one line of JSON.
 */
import { seedRegistries } from "@/tests/fixtures/mod.ts";
import type { Outgoing } from "../store/records/outbox.ts";
import { openStore } from "../store/open.ts";
import { readiness } from "./readiness.ts";
import { checkParts } from "./parts.ts";
import { watchHealth } from "./watch.ts";

const [folder] = Deno.args;
const alertTo = [{ channel: "mail", to: "operacao@portal.example" } as const];
const mail = { url: "smtp://127.0.0.1:1", from: "a@portal.example" };
using memory = await seedRegistries({ alertTo, mail });
using kv = await openStore(folder!);
const deps = { kv, config: memory.config, now: memory.now };
const sent: Outgoing[] = [];
const lines: string[] = [];
const watch = watchHealth(deps, {
  send: (message) => (sent.push(message), Promise.resolve({ outcome: "sent" })),
  notify: () => {},
  log: (line) => lines.push(line),
});

const before = await readiness(deps, new AbortController().signal);
let failed = 0;
for (const size of [60_000, 4_000, 200, 1]) {
  for (let i = 0; i < 2_000; i++) {
    const full = await kv.set(["filler", size, i], new Uint8Array(size)).then(
      () => false,
      () => true,
    );
    if (!full) continue;
    failed++;
    break;
  }
}
await new Promise((resolve) => setTimeout(resolve, 1_100));
const after = await readiness(deps, new AbortController().signal);
for (let i = 0; i < 3; i++) await watch.run();
const store = (await checkParts(deps)).find(({ id }) => id === "store");
console.log(JSON.stringify({ failed, before, after, store, sent, lines }));
Deno.exit(0);
