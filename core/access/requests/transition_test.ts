import { keys } from "../../store/keys.ts";
import { assertEquals, assertRejects } from "@std/assert";
import {
  ALFA,
  approve,
  ask,
  CNES,
  idOf,
  lia,
  messages,
  must,
  seedWorld,
  soundLog,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../../store/transact.ts";
import { rememberMessage, type Transition, transition } from "./transition.ts";
import { getRequest } from "./request.ts";

const BY_TIME: Transition = { move: "expirar", by: null, via: null, reason: null };

Deno.test("a move that the state does not allow is a fault of the program, and changes nothing", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  const decided = must(await approve(deps, id, lia));
  for (const move of ["aprovar", "reprovar", "cancelar", "expirar"] as const) {
    const again = transact(deps.kv, (tx) => transition(deps, tx, decided, { ...BY_TIME, move }));
    await assertRejects(() => again, TypeError, `aprovada cannot ${move}`);
  }
  assertEquals(await getRequest(deps, id), decided);
});

Deno.test("closed: out of every list of what waits, into what was decided; its chats are told", async () => {
  using deps = await seedWorld();
  const request = must(await ask(deps, zeca, "ADMINISTRADOR"));
  const { id } = request;
  await rememberMessage(deps, id, 71, 100);
  await rememberMessage(deps, id, 72, 200);
  deps.advance(1_000);
  const closed = await transact(deps.kv, (tx) => transition(deps, tx, request, BY_TIME));
  assertEquals([closed.state, closed.decidedAt, closed.decidedBy], [
    "expirada",
    deps.now(),
    null,
  ]);
  for (
    const key of [
      keys.requestOpen(await idOf(deps, zeca), CNES, "perfil"),
      keys.requestPending(CNES, id),
      keys.requestOfRepresentative(ALFA, id),
    ]
  ) {
    assertEquals((await deps.kv.get(key)).value, null, key.join(" "));
  }
  assertEquals((await deps.kv.get(keys.requestDecided(CNES, deps.now(), id))).value, true);
  const chats = (await messages(deps)).flatMap((message) =>
    message.channel === "chat" && message.what === "request_decided" ? [message.messageId] : []
  );
  assertEquals(chats.sort(), [100, 200]);
  const record = (await soundLog(deps)).at(-1)!;
  assertEquals([record.event, record.actor, record.subject], ["request.expirada", "system", id]);
});

Deno.test("an establishment closed alone stays where its profile is found", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  must(await approve(deps, establishmentRequest!, lia));
  assertEquals(
    (await deps.kv.get(keys.requestOpen(await idOf(deps, zeca), CNES, "perfil"))).value,
    id,
  );
  assertEquals(
    (await Array.fromAsync(deps.kv.list({ prefix: keys.requestDecided.under() }))).length,
    0,
  );
});

Deno.test("a pair closed together bears one moment, though the clock goes on", async () => {
  using deps = await seedWorld();
  const request = must(await ask(deps, zeca));
  const start = deps.now();
  let passed = 0;
  const ticking = { kv: deps.kv, config: deps.config, now: () => start + ++passed };
  const closed = await transact(deps.kv, (tx) => transition(ticking, tx, request, BY_TIME));
  const first = await getRequest(deps, request.establishmentRequest!);
  assertEquals([first?.state, first?.decidedAt], ["expirada", closed.decidedAt]);
  const list = keys.requestDecided(CNES, closed.decidedAt!, request.id);
  assertEquals((await deps.kv.get(list)).value, true);
});
