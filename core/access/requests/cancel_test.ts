import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  approve,
  ask,
  askComputer,
  CNES,
  codeOf,
  DAY,
  eventsOf,
  idOf,
  lia,
  messages,
  must,
  personOf,
  reject,
  seedMember,
  seedWorld,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getMembership } from "../membership.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";
import { rememberMessage } from "./transition.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

const cancel = async (deps: World, person: TestPerson, id: string) =>
  codeOf(await cancelRequest(deps, await personOf(deps, person), id));

Deno.test("nobody cancels what is not theirs, is not there, or is half of what they asked", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  assertEquals(await cancel(deps, lia, id), "request_not_found");
  for (const wrong of ["", "x", establishmentRequest!]) {
    assertEquals(await cancel(deps, zeca, wrong), "request_not_found", wrong);
  }
  assertEquals((await getRequest(deps, id))?.state, "pendente");
});

Deno.test("what was decided or has expired is not cancelled", async () => {
  using deps = await seedWorld();
  const approved = must(await ask(deps, zeca)).id;
  must(await approve(deps, approved, lia));
  assertEquals(await cancelRequest(deps, await personOf(deps, zeca), approved), {
    ok: false,
    code: "request_not_pending",
    detail: { estado: "aprovada" },
  });
  const rejected = must(await askComputer(deps, zeca)).id;
  must(await reject(deps, rejected, lia));
  assertEquals(await cancel(deps, zeca, rejected), "request_not_pending");
  const expired = must(await askComputer(deps, zeca)).id;
  deps.advance(15 * DAY);
  for (let i = 0; i < 3; i++) await runAlarms(deps);
  assertEquals(await cancel(deps, zeca, expired), "request_not_pending");
});

Deno.test("cancelled: off the lists, chats told, nobody decides it; twice at once is once", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  await rememberMessage(deps, id, 71, 100);
  const codes = await Promise.all([1, 2].map(() => cancel(deps, zeca, id)));
  assertEquals(codes.sort(), ["ok", "request_not_pending"]);
  assertEquals(await listPending(deps, [CNES]), []);
  for (const decide of [approve, reject]) {
    assertEquals(codeOf(await decide(deps, id, lia)), "request_cancelled");
  }
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
  const told = (await messages(deps)).filter((message) =>
    message.channel === "chat" && message.what === "request_decided"
  );
  assertEquals(told.length, 1);
  assertEquals(await eventsOf(deps), ["request.created", "request.cancelada"]);
  must(await ask(deps, zeca));
});

Deno.test("a computer's request is cancelled alone", async () => {
  using deps = await seedWorld();
  await seedMember(deps, zeca, "OPERADOR");
  const { id } = must(await askComputer(deps, zeca));
  assertEquals(await cancel(deps, zeca, id), "ok");
  const open = await deps.kv.get(keys.requestOpen(await idOf(deps, zeca), CNES, "computador"));
  assertEquals(open.value, null);
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "OPERADOR");
  must(await askComputer(deps, zeca));
});
