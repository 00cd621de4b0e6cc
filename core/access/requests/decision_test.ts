import { assert, assertEquals } from "@std/assert";
import { verifyStream } from "../../audit/chain.ts";
import { keys } from "../../store/keys.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import { transact } from "../../store/transact.ts";
import {
  ALFA,
  auditRecords,
  caio,
  CNES,
  codeOf,
  deactivate,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  interrupted,
  lia,
  mailsTo,
  MINUTE,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { decideRequest, type Decision } from "./decide.ts";
import { getMembership, makeAdministrator, setMembership } from "../membership.ts";
import { createRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof world>>;

/** Lia and Caio decide for CNES, Nair for another establishment; Zeca has asked at CNES. */
async function pending() {
  const portal = await world();
  await enterRepresentative(portal);
  for (const person of [lia, caio]) await enterAdministrator(portal, person);
  await enterAdministrator(portal, nair, SECOND_CNES);
  await enterUser(portal, zeca);
  const form = { cnes: CNES, profile: "OPERADOR" };
  const request = must(await createRequest(portal, await personOf(portal, zeca), form));
  return { portal, request };
}

function approve(
  portal: World | Parameters<typeof decideRequest>[0],
  { id }: AccessRequest,
  by: WorldPerson,
) {
  return decideRequest(portal, {
    requestId: id,
    outcome: "aprovada",
    by: by.cpf,
    via: "telegram",
  });
}

function reject(portal: World, { id }: AccessRequest, by: WorldPerson, reason?: string) {
  const decision: Decision = { requestId: id, outcome: "reprovada", by: by.cpf, via: "portal" };
  return decideRequest(portal, reason === undefined ? decision : { ...decision, reason });
}

async function events(portal: World, name: string) {
  return (await auditRecords(portal)).filter(({ event }) => event === name);
}

async function decidedMails(portal: World) {
  const mails = await mailsTo(portal, zeca.email);
  return mails.filter(({ subject }) => subject.startsWith("Seu pedido de acesso foi"));
}

/** Nothing has become of the request. */
async function assertWaiting(portal: World, request: AccessRequest) {
  assertEquals(await getRequest(portal, request.id), request);
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
  assertEquals(await decidedMails(portal), []);
}

Deno.test("J13: an approval gives the profile, tells the person, and is on record", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  portal.advance(MINUTE);
  const decided = must(await approve(portal, request, lia));
  assertEquals(decided.decidedBy?.name, lia.name);
  assertEquals([decided.via, decided.decidedAt], ["telegram", portal.now()]);
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "OPERADOR");
  assertEquals((await decidedMails(portal)).map(({ subject }) => subject), [
    "Seu pedido de acesso foi aprovado",
  ]);
  assertEquals(await listPending(portal, [CNES]), []);
  const [record] = await events(portal, "request.aprovada");
  assertEquals([record?.actor, record?.subject], [(await personOf(portal, lia)).id, request.id]);
});

Deno.test("a rejection gives nothing and tells its reason", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const decided = must(await reject(portal, request, lia, "  Não trabalha\n neste   setor. "));
  assertEquals(decided.reason, "Não trabalha neste setor.");
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
  const [mail] = await decidedMails(portal);
  assert(mail!.text.includes("Motivo: Não trabalha neste setor."));
  assertEquals(await listPending(portal, [CNES]), []);
});

Deno.test("no rejection without a reason, nor with an endless one", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  for (const reason of [undefined, "", " \n\t ", "a".repeat(501)]) {
    assertEquals(codeOf(await reject(portal, request, lia, reason)), "reason_missing");
  }
  await assertWaiting(portal, request);
  must(await reject(portal, request, lia, "a".repeat(500)));
});

Deno.test("a request that does not exist is decided by nobody", async () => {
  const { portal } = await pending();
  using _ = portal;
  for (const id of ["", "x", "01HZZZZZZZZZZZZZZZZZZZZZZZ"]) {
    const refused = await decideRequest(portal, {
      requestId: id,
      outcome: "aprovada",
      by: lia.cpf,
      via: "portal",
    });
    assertEquals(codeOf(refused), "request_not_found");
  }
});

Deno.test("who has no say: another CNES, the representative, the requester, nobody; each on record", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const nobody = { cpf: "00000000000", name: "", email: "" };
  const others = [nair, rosa, zeca, nobody];
  for (const person of others) {
    assertEquals(codeOf(await approve(portal, request, person)), "not_allowed", person.name);
    assertEquals(codeOf(await reject(portal, request, person, "Não")), "not_allowed");
  }
  await assertWaiting(portal, request);
  const denied = await events(portal, "request.decision_denied");
  assertEquals(denied.length, 2 * others.length);
  assertEquals(denied[0]!.actor, (await personOf(portal, nair)).id);
  assertEquals(denied.at(-1)!.actor, "unknown");
  assertEquals((await verifyStream(portal.kv, CNES)).brokenAt, null);
});

Deno.test("an administrator who was removed or deactivated taps an old button", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const membership = (await getMembership(portal, CNES, lia.cpf))!;
  await transact(portal.kv, (tx) => setMembership(tx, { ...membership, profile: "OPERADOR" }));
  await deactivate(portal, caio);
  for (const person of [lia, caio]) {
    assertEquals(codeOf(await approve(portal, request, person)), "not_allowed");
  }
  await assertWaiting(portal, request);
  assertEquals((await events(portal, "request.decision_denied")).length, 2);
});

Deno.test("an administrator removed in the very moment of the decision does not decide", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const membership = (await getMembership(portal, CNES, lia.cpf))!;
  const meanwhile = interrupted(
    portal,
    1,
    () => transact(portal.kv, (tx) => setMembership(tx, { ...membership, profile: "CONSULTADOR" })),
  );
  assertEquals(codeOf(await approve(meanwhile, request, lia)), "not_allowed");
  await assertWaiting(portal, request);
});

Deno.test("two administrators decide at once: one decision, the other is told whose", async () => {
  for (const second of ["approve", "reject"]) {
    const { portal, request } = await pending();
    using _ = portal;
    const outcomes = await Promise.all([
      approve(portal, request, lia),
      second === "approve"
        ? approve(portal, request, caio)
        : reject(portal, request, caio, "Setor errado"),
    ]);
    const lost = outcomes.find(({ ok }) => !ok)!;
    const decided = must(outcomes.find(({ ok }) => ok)!);
    assertEquals(lost, {
      ok: false,
      code: "request_already_decided",
      detail: { estado: decided.state, quem: decided.decidedBy!.name },
    });
    const member = (await getMembership(portal, CNES, zeca.cpf)) !== null;
    assertEquals(member, decided.state === "aprovada");
    assertEquals((await decidedMails(portal)).length, 1);
    assertEquals(await getRequest(portal, request.id), decided);
  }
});

Deno.test("one administrator taps twice: one effect", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const outcomes = await Promise.all([1, 2, 3].map(() => approve(portal, request, lia)));
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
  assertEquals(codeOf(await reject(portal, request, lia, "Mudei")), "request_already_decided");
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "OPERADOR");
  assertEquals((await decidedMails(portal)).length, 1);
  assertEquals((await events(portal, "request.aprovada")).length, 1);
});

Deno.test("nobody decides their own request; an approval takes no appointment away", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, zeca)];
  must(await makeAdministrator(portal, actor, ALFA, person, CNES));
  assertEquals(codeOf(await approve(portal, request, zeca)), "request_own");
  assertEquals(codeOf(await approve(portal, request, lia)), "already_administrator");
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "ADMINISTRADOR");
  must(await reject(portal, request, lia, "Já é administrador"));
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "ADMINISTRADOR");
});

Deno.test("an appointment that comes in the very moment of the approval stays", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, zeca)];
  const meanwhile = interrupted(
    portal,
    1,
    async () => must(await makeAdministrator(portal, actor, ALFA, person, CNES)),
  );
  assertEquals(codeOf(await approve(meanwhile, request, lia)), "already_administrator");
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "ADMINISTRADOR");
});

Deno.test("a requester who is gone is no obstacle, and nobody is written to", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  await portal.kv.delete(keys.person(zeca.cpf));
  must(await reject(portal, request, lia, "Saiu da empresa"));
  assertEquals(await decidedMails(portal), []);
});

Deno.test("after decisions and denials the chain holds and tells no CPF or reason", async () => {
  const { portal, request } = await pending();
  using _ = portal;
  await approve(portal, request, nair);
  must(await reject(portal, request, lia, "Motivo particular"));
  const { records, brokenAt } = await verifyStream(portal.kv, CNES);
  assertEquals([records, brokenAt], [5, null]);
  const text = JSON.stringify(await auditRecords(portal));
  for (const secret of [lia.cpf, zeca.cpf, nair.cpf, "Motivo particular"]) {
    assert(!text.includes(secret), secret);
  }
  assertEquals(
    await Array.fromAsync(portal.kv.list({ prefix: keys.requestPending.under(CNES) })),
    [],
  );
});
