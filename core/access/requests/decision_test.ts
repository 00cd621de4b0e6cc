import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals } from "@std/assert";
import { newAccountId } from "../../account/account.ts";
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
  idOf,
  interrupted,
  lia,
  mailsTo,
  MINUTE,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { decideRequest, type Decision } from "./decide.ts";
import { getMembership, setMembership } from "../membership.ts";
import { makeAdministrator } from "../change_membership.ts";
import { createRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** Lia and Caio decide for CNES, Nair for another establishment; Zeca has asked at CNES. */
async function pending() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  for (const person of [lia, caio]) await seedMember(deps, person);
  await seedMember(deps, nair, "ADMINISTRADOR", SECOND_CNES);
  await seedUser(deps, zeca);
  const form = { cnes: CNES, profile: "OPERADOR" };
  const request = must(await createRequest(deps, await personOf(deps, zeca), form, UNLIMITED));
  return { deps, request };
}

async function approve(
  deps: World | Parameters<typeof decideRequest>[0],
  { id }: AccessRequest,
  by: TestPerson,
) {
  return await decideRequest(deps, {
    requestId: id,
    outcome: "aprovada",
    by: await idOf(deps, by),
    via: "telegram",
    standing: UNLIMITED,
  });
}

async function reject(deps: World, { id }: AccessRequest, by: TestPerson, reason?: string) {
  const decision: Decision = {
    requestId: id,
    outcome: "reprovada",
    by: await idOf(deps, by),
    via: "portal",
    standing: UNLIMITED,
  };
  return await decideRequest(deps, reason === undefined ? decision : { ...decision, reason });
}

async function events(deps: World, name: string) {
  return (await auditRecords(deps)).filter(({ event }) => event === name);
}

async function decidedMails(deps: World) {
  const mails = await mailsTo(deps, zeca.email);
  return mails.filter(({ subject }) => subject.startsWith("Seu pedido de acesso foi"));
}

/** Nothing has become of the request. */
async function assertWaiting(deps: World, request: AccessRequest) {
  assertEquals(await getRequest(deps, request.id), request);
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
  assertEquals(await decidedMails(deps), []);
}

Deno.test("J13: an approval gives the profile, tells the person, and is on record", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  deps.advance(MINUTE);
  const decided = must(await approve(deps, request, lia));
  assertEquals(decided.decidedBy?.name, lia.name);
  assertEquals([decided.via, decided.decidedAt], ["telegram", deps.now()]);
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "OPERADOR");
  assertEquals((await decidedMails(deps)).map(({ subject }) => subject), [
    "Seu pedido de acesso foi aprovado",
  ]);
  assertEquals(await listPending(deps, [CNES]), []);
  const [record] = await events(deps, "request.aprovada");
  assertEquals([record?.actor, record?.subject], [(await personOf(deps, lia)).id, request.id]);
});

Deno.test("a rejection gives nothing and tells its reason", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const decided = must(await reject(deps, request, lia, "  Não trabalha\n neste   setor. "));
  assertEquals(decided.reason, "Não trabalha neste setor.");
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
  const [mail] = await decidedMails(deps);
  assert(mail!.text.includes("Motivo: Não trabalha neste setor."));
  assertEquals(await listPending(deps, [CNES]), []);
});

Deno.test("no rejection without a reason, nor with an endless one", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  for (const reason of [undefined, "", " \n\t ", "a".repeat(501)]) {
    assertEquals(codeOf(await reject(deps, request, lia, reason)), "reason_missing");
  }
  await assertWaiting(deps, request);
  must(await reject(deps, request, lia, "a".repeat(500)));
});

Deno.test("a request that does not exist is decided by nobody", async () => {
  const { deps } = await pending();
  using _ = deps;
  for (const id of ["", "x", "01HZZZZZZZZZZZZZZZZZZZZZZZ"]) {
    const refused = await decideRequest(deps, {
      requestId: id,
      outcome: "aprovada",
      by: await idOf(deps, lia),
      via: "portal",
      standing: UNLIMITED,
    });
    assertEquals(codeOf(refused), "request_not_found");
  }
});

Deno.test("who has no say: another CNES, the representative, the requester, nobody; each on record", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const nobody = { cpf: "00000000000", name: "", email: "" };
  const noAccount = newAccountId(deps.now());
  await deps.kv.set(keys.accountsOfCpf(nobody.cpf, noAccount), 0);
  const others = [nair, rosa, zeca, nobody];
  for (const person of others) {
    assertEquals(codeOf(await approve(deps, request, person)), "not_allowed", person.name);
    assertEquals(codeOf(await reject(deps, request, person, "Não")), "not_allowed");
  }
  await assertWaiting(deps, request);
  const denied = await events(deps, "request.decision_denied");
  assertEquals(denied.length, 2 * others.length);
  assertEquals(denied[0]!.actor, (await personOf(deps, nair)).id);
  assertEquals(denied.at(-1)!.actor, noAccount);
  assertEquals((await verifyStream(deps.kv, CNES)).brokenAt, null);
});

Deno.test("an administrator who was removed or deactivated taps an old button", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const membership = (await getMembership(deps, CNES, await idOf(deps, lia)))!;
  await transact(deps.kv, (tx) => setMembership(tx, { ...membership, profile: "OPERADOR" }));
  await deactivate(deps, caio);
  for (const person of [lia, caio]) {
    assertEquals(codeOf(await approve(deps, request, person)), "not_allowed");
  }
  await assertWaiting(deps, request);
  assertEquals((await events(deps, "request.decision_denied")).length, 2);
});

Deno.test("an administrator removed in the very moment of the decision does not decide", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const membership = (await getMembership(deps, CNES, await idOf(deps, lia)))!;
  const meanwhile = interrupted(
    deps,
    1,
    () => transact(deps.kv, (tx) => setMembership(tx, { ...membership, profile: "CONSULTADOR" })),
  );
  assertEquals(codeOf(await approve(meanwhile, request, lia)), "not_allowed");
  await assertWaiting(deps, request);
});

Deno.test("two administrators decide at once: one decision, the other is told whose", async () => {
  for (const second of ["approve", "reject"]) {
    const { deps, request } = await pending();
    using _ = deps;
    const outcomes = await Promise.all([
      approve(deps, request, lia),
      second === "approve"
        ? approve(deps, request, caio)
        : reject(deps, request, caio, "Setor errado"),
    ]);
    const lost = outcomes.find(({ ok }) => !ok)!;
    const decided = must(outcomes.find(({ ok }) => ok)!);
    assertEquals(lost, {
      ok: false,
      code: "request_already_decided",
      detail: { estado: decided.state, quem: decided.decidedBy!.name },
    });
    const member = (await getMembership(deps, CNES, await idOf(deps, zeca))) !== null;
    assertEquals(member, decided.state === "aprovada");
    assertEquals((await decidedMails(deps)).length, 1);
    assertEquals(await getRequest(deps, request.id), decided);
  }
});

Deno.test("one administrator taps twice: one effect", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const outcomes = await Promise.all([1, 2, 3].map(() => approve(deps, request, lia)));
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
  assertEquals(codeOf(await reject(deps, request, lia, "Mudei")), "request_already_decided");
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "OPERADOR");
  assertEquals((await decidedMails(deps)).length, 1);
  assertEquals((await events(deps, "request.aprovada")).length, 1);
});

Deno.test("nobody decides their own request; an approval takes no appointment away", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, zeca)];
  must(await makeAdministrator(deps, actor, ALFA, person, CNES));
  assertEquals(codeOf(await approve(deps, request, zeca)), "request_own");
  assertEquals(codeOf(await approve(deps, request, lia)), "already_administrator");
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "ADMINISTRADOR");
  must(await reject(deps, request, lia, "Já é administrador"));
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "ADMINISTRADOR");
});

Deno.test("an appointment that comes in the very moment of the approval stays", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, zeca)];
  const meanwhile = interrupted(
    deps,
    1,
    async () => must(await makeAdministrator(deps, actor, ALFA, person, CNES)),
  );
  assertEquals(codeOf(await approve(meanwhile, request, lia)), "already_administrator");
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "ADMINISTRADOR");
});

Deno.test("a requester who is gone is no obstacle, and nobody is written to", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  await deps.kv.delete(keys.account(await idOf(deps, zeca)));
  must(await reject(deps, request, lia, "Saiu da empresa"));
  assertEquals(await decidedMails(deps), []);
});

Deno.test("after decisions and denials the chain holds and tells no CPF or reason", async () => {
  const { deps, request } = await pending();
  using _ = deps;
  await approve(deps, request, nair);
  must(await reject(deps, request, lia, "Motivo particular"));
  const { records, brokenAt } = await verifyStream(deps.kv, CNES);
  assertEquals([records, brokenAt], [5, null]);
  const text = JSON.stringify(await auditRecords(deps));
  for (const secret of [lia.cpf, zeca.cpf, nair.cpf, "Motivo particular"]) {
    assert(!text.includes(secret), secret);
  }
  assertEquals(
    await Array.fromAsync(deps.kv.list({ prefix: keys.requestPending.under(CNES) })),
    [],
  );
});
