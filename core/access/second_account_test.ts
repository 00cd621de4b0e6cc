/** One person with two accounts of one CPF: what one may not decide of itself the other may not either. */
import { assertEquals } from "@std/assert";
import {
  ALFA,
  approve,
  ask,
  caio,
  CNES,
  codeOf,
  idOf,
  lia,
  must,
  personOf,
  reject,
  seedDirector,
  seedEstablishment,
  seedProof,
  seedSecondAccount,
  seedWorld,
  standingOf,
  UNLIMITED,
  zeca,
} from "@/tests/fixtures/mod.ts";
import type { Account } from "../store/records/account.ts";
import { keys } from "../store/keys.ts";
import { authorityFrom, authorityKeys } from "./authority.ts";
import { changeProfile, endMembership } from "./change_membership.ts";
import { getEstablishmentAccess } from "./establishment_access.ts";
import { getMembership } from "./membership.ts";
import { createRequest, directorAt } from "./requests/create.ts";
import { mayDecide } from "./requests/decide.ts";
import { listAdministered, pauseAdministrator, recipientsOf } from "./requests/recipients.ts";
import { transact } from "../store/transact.ts";

const SECOND = "segunda@ficticia.example";
const FORM = { cnes: CNES, profile: "OPERADOR" };

/** Lia administers the first establishment, and asks there with a second account of hers. */
async function twice() {
  const deps = await seedWorld();
  const second = await seedSecondAccount(deps, lia, SECOND);
  const request = must(await createRequest(deps, second, FORM, UNLIMITED));
  return { deps, second, request };
}

Deno.test("an administrator decides nothing that their second account has asked for", async () => {
  const { deps, request } = await twice();
  using _ = deps;
  assertEquals(codeOf(await approve(deps, request.id, lia)), "request_own");
  assertEquals(codeOf(await reject(deps, request.id, lia)), "request_own");
  const by = { by: await idOf(deps, lia), standing: UNLIMITED, via: "telegram" } as const;
  assertEquals(codeOf(await mayDecide(deps, { requestId: request.id, ...by })), "request_own");
  const { administrators } = await recipientsOf(deps, request);
  assertEquals(administrators.map(({ cpf }) => cpf), [caio.cpf]);
  must(await approve(deps, request.id, caio));
});

Deno.test("nor changes or ends what it has", async () => {
  const { deps, second, request } = await twice();
  using _ = deps;
  must(await approve(deps, request.id, caio));
  const actor = { account: await idOf(deps, lia), standing: UNLIMITED };
  const member = { cnes: CNES, account: second.id };
  const change = { ...member, profile: "CONSULTADOR", justification: "Rodízio" };
  assertEquals(codeOf(await changeProfile(deps, actor, change)), "member_own");
  const end = { ...member, reason: "Saiu" };
  assertEquals(codeOf(await endMembership(deps, actor, end)), "member_own");
});

Deno.test("a person is not the other administrator of themselves", async () => {
  const { deps, second } = await twice();
  using _ = deps;
  const end = { cnes: CNES, account: await idOf(deps, caio), reason: "Saiu" };
  const rosa = { account: second.id, represents: ALFA, standing: UNLIMITED };
  const bound = (await deps.kv.get<{ account: string }>(keys.representative(ALFA))).value!;
  must(
    await endMembership(deps, { ...rosa, account: bound.account as Account["id"] }, end),
  );
  const subject = { account: second.id, computer: null };
  const { administered, administeredByOthers } = await getEstablishmentAccess(deps, subject, CNES);
  assertEquals([administered, administeredByOthers], [true, false]);
  assertEquals(
    codeOf(await pauseAdministrator(deps, await personOf(deps, lia))),
    "pause_nobody_left",
  );
});

Deno.test("a membership names the mailbox and where it came from, and opens to no other mailbox", async () => {
  const { deps, second, request } = await twice();
  using _ = deps;
  must(await approve(deps, request.id, caio));
  const approved = (await getMembership(deps, CNES, second.id))!;
  const by = await idOf(deps, caio);
  assertEquals([approved.mailbox, approved.origin], [SECOND, { kind: "approved", by }]);
  const appointed = (await getMembership(deps, CNES, await idOf(deps, lia)))!;
  assertEquals(appointed.mailbox, lia.email);
  assertEquals(appointed.origin, { kind: "operadora", cnpj: ALFA });

  const id = await idOf(deps, lia);
  const asked = must(await ask(deps, zeca));
  const limited = { confirmedUnder: 0, mailboxes: ["de-outra@ficticia.example"] };
  const decide = { standing: limited };
  assertEquals(codeOf(await approve(deps, asked.id, lia, decide)), "not_allowed");
  assertEquals(await listAdministered(deps, id, limited), []);
  const own = { ...limited, mailboxes: [lia.email] };
  assertEquals(await listAdministered(deps, id, own), [CNES]);
  must(await approve(deps, asked.id, lia, { standing: own }));
});

Deno.test("a director by proof decides only with a credential that speaks for the proof", async () => {
  using deps = await seedWorld();
  await seedDirector(deps, zeca);
  const director = await personOf(deps, zeca);
  const powers = async (standing: typeof UNLIMITED | ReturnType<typeof standingOf>) =>
    (await transact(deps.kv, async (tx) => {
      const actor = { account: director.id, standing };
      return authorityFrom(deps, actor, ALFA, await tx.getMany(authorityKeys(actor, CNES)));
    })).administers;
  assertEquals(await powers(standingOf(director)), true);
  // A password of before the proof.
  assertEquals(await powers(UNLIMITED), false);
  // The proof was lost.
  await deps.kv.set(keys.account(director.id), { ...director, proof: null });
  assertEquals(await powers(standingOf(director)), false);
});

Deno.test("who was ended does not come back as the director with another account that proves the CPF", async () => {
  using deps = await seedWorld();
  await seedDirector(deps, zeca);
  const first = await personOf(deps, zeca);
  const bound = (await deps.kv.get<{ account: Account["id"] }>(keys.representative(ALFA))).value!;
  const rosa = { account: bound.account, represents: ALFA, standing: UNLIMITED };
  must(await endMembership(deps, rosa, { cnes: CNES, account: first.id, reason: "Saiu" }));
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const second = await seedSecondAccount(deps, zeca, SECOND);
  const proved: Account = { ...second, proof: first.proof, proofNumber: 1 };
  await deps.kv.set(keys.account(second.id), proved);
  const subject = { account: second.id, computer: null };
  const place = await getEstablishmentAccess(deps, subject, CNES);
  assertEquals(await directorAt(deps, proved, place, standingOf(proved)), null);
  const form = { cnes: CNES, profile: "ADMINISTRADOR" };
  const asked = must(await createRequest(deps, proved, form, standingOf(proved)));
  assertEquals(asked.state, "pendente");
});

Deno.test("a declared account of the CPF that was ended keeps the director from nothing", async () => {
  using deps = await seedWorld();
  const actor = { account: await idOf(deps, lia), standing: UNLIMITED };
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const other = await seedSecondAccount(deps, zeca, "terceira@ficticia.example");
  const asked = must(await createRequest(deps, other, FORM, UNLIMITED));
  must(await approve(deps, asked.id, lia));
  must(await endMembership(deps, actor, { cnes: CNES, account: other.id, reason: "Saiu" }));
  await seedProof(deps, zeca);
  const granted = must(await ask(deps, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(granted.state, "aprovada");
});
