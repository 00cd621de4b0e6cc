import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  CNES,
  codeOf,
  DAY,
  lia,
  messages,
  must,
  personOf,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { getMembership } from "../membership.ts";
import { approve, ask, askComputer, eventsOf, join, reject, town } from "../town_testing.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./cancel.ts";
import { getRequest, listPending } from "./request.ts";
import { rememberMessage } from "./shown.ts";

type World = Awaited<ReturnType<typeof town>>;

const cancel = async (portal: World, person: WorldPerson, id: string) =>
  codeOf(await cancelRequest(portal, await personOf(portal, person), id));

Deno.test("nobody cancels what is not theirs, is not there, or is half of what they asked", async () => {
  using portal = await town();
  const { id, establishmentRequest } = must(await ask(portal, zeca));
  assertEquals(await cancel(portal, lia, id), "request_not_found");
  for (const wrong of ["", "x", establishmentRequest!]) {
    assertEquals(await cancel(portal, zeca, wrong), "request_not_found", wrong);
  }
  assertEquals((await getRequest(portal, id))?.state, "pendente");
});

Deno.test("what was decided or has expired is not cancelled", async () => {
  using portal = await town();
  const approved = must(await ask(portal, zeca)).id;
  must(await approve(portal, approved, lia));
  assertEquals(await cancelRequest(portal, await personOf(portal, zeca), approved), {
    ok: false,
    code: "request_not_pending",
    detail: { estado: "aprovada" },
  });
  const rejected = must(await askComputer(portal, zeca)).id;
  must(await reject(portal, rejected, lia));
  assertEquals(await cancel(portal, zeca, rejected), "request_not_pending");
  const expired = must(await askComputer(portal, zeca)).id;
  portal.advance(15 * DAY);
  for (let i = 0; i < 3; i++) await runAlarms(portal);
  assertEquals(await cancel(portal, zeca, expired), "request_not_pending");
});

Deno.test("cancelled: off the lists, chats told, nobody decides it; twice at once is once", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  await rememberMessage(portal, id, 71, 100);
  const codes = await Promise.all([1, 2].map(() => cancel(portal, zeca, id)));
  assertEquals(codes.sort(), ["ok", "request_not_pending"]);
  assertEquals(await listPending(portal, [CNES]), []);
  for (const decide of [approve, reject]) {
    assertEquals(codeOf(await decide(portal, id, lia)), "request_cancelled");
  }
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
  const told = (await messages(portal)).filter((message) =>
    message.channel === "chat" && message.what === "request_decided"
  );
  assertEquals(told.length, 1);
  assertEquals(await eventsOf(portal), ["request.created", "request.cancelada"]);
  must(await ask(portal, zeca));
});

Deno.test("a computer's request is cancelled alone", async () => {
  using portal = await town();
  await join(portal, zeca, "OPERADOR");
  const { id } = must(await askComputer(portal, zeca));
  assertEquals(await cancel(portal, zeca, id), "ok");
  const open = await portal.kv.get(keys.requestOpen(zeca.cpf, CNES, "computador"));
  assertEquals(open.value, null);
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "OPERADOR");
  must(await askComputer(portal, zeca));
});
