/** Two things at once to one request: one of them holds, the other says so, nothing is half done. */
import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { endMembership } from "../change_membership.ts";
import {
  ALFA,
  approve,
  ask,
  caio,
  CNES,
  codeOf,
  DAY,
  eventsOf,
  idOf,
  interrupted,
  lia,
  must,
  personOf,
  reject,
  rosa,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getMembership } from "../membership.ts";
import { readAccessStatus } from "../establishment_access.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";

const cancel = async (deps: Deps, id: string) =>
  await cancelRequest(deps, await personOf(deps, zeca), id);

const end = async (deps: Deps) =>
  await endMembership(deps, {
    account: await idOf(deps, rosa),
    represents: ALFA,
    standing: UNLIMITED,
  }, {
    cnes: CNES,
    account: await idOf(deps, zeca),
    reason: "Saiu",
  });

Deno.test("an approval and a rejection, each in the very moment of the other: the first holds", async () => {
  for (const [first, second] of [[approve, reject], [reject, approve]] as const) {
    using deps = await seedWorld();
    const { id } = must(await ask(deps, zeca));
    const meanwhile = interrupted(deps, 1, async () => must(await first(deps, id, lia)));
    assertEquals(codeOf(await second(meanwhile, id, caio)), "request_already_decided");
    const member = (await getMembership(deps, CNES, await idOf(deps, zeca))) !== null;
    assertEquals(member, first === approve);
    assertEquals((await eventsOf(deps)).length, 2);
  }
});

Deno.test("the establishment approved in the very moment of its rejection stays, its profile waits", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest: first } = must(await ask(deps, zeca));
  const meanwhile = interrupted(deps, 1, async () => must(await approve(deps, first!, lia)));
  assertEquals(codeOf(await reject(meanwhile, first!, caio)), "request_already_decided");
  assertEquals((await getRequest(deps, id))?.state, "pendente");
});

Deno.test("the establishment approved in the very moment the profile is: both are approved once", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest: first } = must(await ask(deps, zeca));
  const meanwhile = interrupted(deps, 1, async () => must(await approve(deps, first!, caio)));
  must(await approve(meanwhile, id, lia));
  assertEquals((await getRequest(deps, first!))?.decidedBy?.name, caio.name);
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "OPERADOR");
});

Deno.test("a cancellation and a decision in each other's moment: the first holds", async () => {
  for (const decide of [approve, reject]) {
    using deps = await seedWorld();
    const { id } = must(await ask(deps, zeca));
    const cancelled = interrupted(deps, 1, async () => must(await cancel(deps, id)));
    assertEquals(codeOf(await decide(cancelled, id, lia)), "request_cancelled");
    assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
    deps.advance(1);
    const again = must(await ask(deps, zeca)).id;
    const decided = interrupted(deps, 1, async () => must(await decide(deps, again, lia)));
    assertEquals(codeOf(await cancel(decided, again)), "request_not_pending");
    assertEquals(await listPending(deps, [CNES]), []);
  }
});

Deno.test("the end of a membership and an approval in each other's moment: no profile is left", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  must(await approve(deps, establishmentRequest!, lia));
  const approved = interrupted(deps, 1, async () => must(await approve(deps, id, lia)));
  const ended = must(await end(approved));
  assertEquals([ended.profile, ended.ended?.reason], ["OPERADOR", "Saiu"]);
  const { steps, next } = await readAccessStatus(deps, await idOf(deps, zeca), CNES);
  assertEquals([steps.perfil.state, next], ["nenhum", "estabelecimento"]);

  deps.advance(1);
  const again = must(await ask(deps, zeca));
  must(await approve(deps, again.establishmentRequest!, lia));
  const meanwhile = interrupted(deps, 1, async () => must(await end(deps)));
  assertEquals(codeOf(await approve(meanwhile, again.id, caio)), "request_already_decided");
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, null);
});

Deno.test("expired in the very moment of an approval: it gives nothing", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  deps.advance(15 * DAY);
  for (let i = 0; i < 2; i++) await runAlarms(deps);
  const expired = interrupted(deps, 1, () => runAlarms(deps));
  assertEquals(codeOf(await approve(expired, id, lia)), "request_expired");
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
});

Deno.test("a request in the very moment of another: one waits", async () => {
  using deps = await seedWorld();
  const meanwhile = interrupted(deps, 1, async () => must(await ask(deps, zeca, "OPERADOR")));
  assertEquals(codeOf(await ask(meanwhile, zeca, "CADASTRADOR")), "request_already_pending");
  assertEquals((await listPending(deps, [CNES])).length, 1);
});
