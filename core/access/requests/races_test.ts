/** Two things at once to one request: one of them holds, the other says so, nothing is half done. */
import { assertEquals } from "@std/assert";
import type { Portal } from "../../portal.ts";
import {
  ALFA,
  caio,
  CNES,
  codeOf,
  DAY,
  interrupted,
  lia,
  must,
  personOf,
  rosa,
  zeca,
} from "../../testing_world.ts";
import { endMembership } from "../end_membership.ts";
import { getMembership } from "../membership.ts";
import { standingAt } from "../standing.ts";
import { approve, ask, eventsOf, reject, town } from "../town_testing.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./cancel.ts";
import { getRequest, listPending } from "./request.ts";

const cancel = async (portal: Portal, id: string) =>
  await cancelRequest(portal, await personOf(portal, zeca), id);

const end = (portal: Portal) =>
  endMembership(portal, { cpf: rosa.cpf, represents: ALFA }, {
    cnes: CNES,
    cpf: zeca.cpf,
    reason: "Saiu",
  });

Deno.test("an approval and a rejection, each in the very moment of the other: the first holds", async () => {
  for (const [first, second] of [[approve, reject], [reject, approve]] as const) {
    using portal = await town();
    const { id } = must(await ask(portal, zeca));
    const meanwhile = interrupted(portal, 1, async () => must(await first(portal, id, lia)));
    assertEquals(codeOf(await second(meanwhile, id, caio)), "request_already_decided");
    const member = (await getMembership(portal, CNES, zeca.cpf)) !== null;
    assertEquals(member, first === approve);
    assertEquals((await eventsOf(portal)).length, 2);
  }
});

Deno.test("the establishment approved in the very moment of its rejection stays, its profile waits", async () => {
  using portal = await town();
  const { id, establishmentRequest: first } = must(await ask(portal, zeca));
  const meanwhile = interrupted(portal, 1, async () => must(await approve(portal, first!, lia)));
  assertEquals(codeOf(await reject(meanwhile, first!, caio)), "request_already_decided");
  assertEquals((await getRequest(portal, id))?.state, "pendente");
});

Deno.test("the establishment approved in the very moment the profile is: both are approved once", async () => {
  using portal = await town();
  const { id, establishmentRequest: first } = must(await ask(portal, zeca));
  const meanwhile = interrupted(portal, 1, async () => must(await approve(portal, first!, caio)));
  must(await approve(meanwhile, id, lia));
  assertEquals((await getRequest(portal, first!))?.decidedBy?.name, caio.name);
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "OPERADOR");
});

Deno.test("a cancellation and a decision in each other's moment: the first holds", async () => {
  for (const decide of [approve, reject]) {
    using portal = await town();
    const { id } = must(await ask(portal, zeca));
    const cancelled = interrupted(portal, 1, async () => must(await cancel(portal, id)));
    assertEquals(codeOf(await decide(cancelled, id, lia)), "request_cancelled");
    assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
    portal.advance(1);
    const again = must(await ask(portal, zeca)).id;
    const decided = interrupted(portal, 1, async () => must(await decide(portal, again, lia)));
    assertEquals(codeOf(await cancel(decided, again)), "request_not_pending");
    assertEquals(await listPending(portal, [CNES]), []);
  }
});

Deno.test("the end of a membership and an approval in each other's moment: no profile is left", async () => {
  using portal = await town();
  const { id, establishmentRequest } = must(await ask(portal, zeca));
  must(await approve(portal, establishmentRequest!, lia));
  const approved = interrupted(portal, 1, async () => must(await approve(portal, id, lia)));
  const ended = must(await end(approved));
  assertEquals([ended.profile, ended.ended?.reason], ["OPERADOR", "Saiu"]);
  const { steps, next } = await standingAt(portal, zeca.cpf, CNES);
  assertEquals([steps.perfil.state, next], ["nenhum", "estabelecimento"]);

  portal.advance(1);
  const again = must(await ask(portal, zeca));
  must(await approve(portal, again.establishmentRequest!, lia));
  const meanwhile = interrupted(portal, 1, async () => must(await end(portal)));
  assertEquals(codeOf(await approve(meanwhile, again.id, caio)), "request_already_decided");
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, null);
});

Deno.test("expired in the very moment of an approval: it gives nothing", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  portal.advance(15 * DAY);
  for (let i = 0; i < 2; i++) await runAlarms(portal);
  const expired = interrupted(portal, 1, () => runAlarms(portal));
  assertEquals(codeOf(await approve(expired, id, lia)), "request_expired");
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
});

Deno.test("a request in the very moment of another: one waits", async () => {
  using portal = await town();
  const meanwhile = interrupted(portal, 1, async () => must(await ask(portal, zeca, "OPERADOR")));
  assertEquals(codeOf(await ask(meanwhile, zeca, "CADASTRADOR")), "request_already_pending");
  assertEquals((await listPending(portal, [CNES])).length, 1);
});
