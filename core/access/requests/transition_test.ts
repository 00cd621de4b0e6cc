import { keys } from "../../store/keys.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { ALFA, CNES, lia, messages, must, zeca } from "../../testing_world.ts";
import { transact } from "../../store/transact.ts";
import { approve, ask, soundLog, town } from "../town_testing.ts";
import { close, type Ending } from "./transition.ts";
import { getRequest } from "./request.ts";
import { rememberMessage } from "./shown.ts";

const BY_TIME: Ending = { move: "expirar", by: null, via: null, reason: null };

Deno.test("a move that the state does not allow is a fault of the program, and changes nothing", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  const decided = must(await approve(portal, id, lia));
  for (const move of ["aprovar", "reprovar", "cancelar", "expirar"] as const) {
    const again = transact(portal.kv, (tx) => close(portal, tx, decided, { ...BY_TIME, move }));
    await assertRejects(() => again, TypeError, `aprovada cannot ${move}`);
  }
  assertEquals(await getRequest(portal, id), decided);
});

Deno.test("closed: out of every list of what waits, into what was decided; its chats are told", async () => {
  using portal = await town();
  const request = must(await ask(portal, zeca, "ADMINISTRADOR"));
  const { id } = request;
  await rememberMessage(portal, id, 71, 100);
  await rememberMessage(portal, id, 72, 200);
  portal.advance(1_000);
  const closed = await transact(portal.kv, (tx) => close(portal, tx, request, BY_TIME));
  assertEquals([closed.state, closed.decidedAt, closed.decidedBy], [
    "expirada",
    portal.now(),
    null,
  ]);
  for (
    const key of [
      keys.requestOpen(zeca.cpf, CNES, "perfil"),
      keys.requestPending(CNES, id),
      keys.requestOfRepresentative(ALFA, id),
    ]
  ) {
    assertEquals((await portal.kv.get(key)).value, null, key.join(" "));
  }
  assertEquals((await portal.kv.get(keys.requestDecided(CNES, portal.now(), id))).value, true);
  const chats = (await messages(portal)).flatMap((message) =>
    message.channel === "chat" && message.what === "request_decided" ? [message.messageId] : []
  );
  assertEquals(chats.sort(), [100, 200]);
  const record = (await soundLog(portal)).at(-1)!;
  assertEquals([record.event, record.actor, record.subject], ["request.expirada", "system", id]);
});

Deno.test("an establishment closed alone stays where its profile is found", async () => {
  using portal = await town();
  const { id, establishmentRequest } = must(await ask(portal, zeca));
  must(await approve(portal, establishmentRequest!, lia));
  assertEquals((await portal.kv.get(keys.requestOpen(zeca.cpf, CNES, "perfil"))).value, id);
  assertEquals(
    (await Array.fromAsync(portal.kv.list({ prefix: keys.requestDecided.under() }))).length,
    0,
  );
});

Deno.test("a pair closed together bears one moment, though the clock goes on", async () => {
  using portal = await town();
  const request = must(await ask(portal, zeca));
  const start = portal.now();
  let passed = 0;
  const ticking = { kv: portal.kv, config: portal.config, now: () => start + ++passed };
  const closed = await transact(portal.kv, (tx) => close(ticking, tx, request, BY_TIME));
  const first = await getRequest(portal, request.establishmentRequest!);
  assertEquals([first?.state, first?.decidedAt], ["expirada", closed.decidedAt]);
  const list = keys.requestDecided(CNES, closed.decidedAt!, request.id);
  assertEquals((await portal.kv.get(list)).value, true);
});
