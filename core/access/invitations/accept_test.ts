import { assertEquals, assertMatch } from "@std/assert";
import { accountForCpf } from "../../account/account.ts";
import { listOperadorasOfUser } from "../../account/operadoras.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { transact } from "../../store/transact.ts";
import type { Account } from "../../store/records/account.ts";
import type { LoggedIn } from "../../store/records/session.ts";
import { createSession } from "../../account/session.ts";
import { findUsers } from "../users/find_users.ts";
import { listGrants, setGrants } from "../users/grants.ts";
import { setUserActive } from "../users/deactivate_user.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  BY_PASSWORD,
  caio,
  certificate,
  codeOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  selfRegister,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { acceptInvitation, declineInvitation, showProvisional, waitingFor } from "./accept.ts";
import { INVITATION_LIFE } from "./invitation.ts";
import { renewInvitation, revokeInvitation } from "./invite.ts";
import { listInvitations } from "./list.ts";

const GOVBR = {
  issuer: "https://gov.example",
  clientId: "-",
  clientSecret: "-",
  level: "silver",
} as const;

/** Lia has declared her CPF, with her own mailbox; nobody has proved it. */
async function peopled() {
  const deps = await seedRegistries({ govbr: GOVBR });
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await selfRegister(deps, lia);
  return deps;
}

/** A person who is signed in, as the store has them. */
async function signedIn(
  deps: Deps,
  who: Pick<Account, "cpf">,
  change: Partial<LoggedIn> = {},
) {
  const person = await personOf(deps, who);
  const state: LoggedIn = {
    ...{ kind: "person", account: person.id, certificate: null, operadora: null },
    ...{ authenticatedAt: deps.now(), ...BY_PASSWORD, ...change },
  };
  const session = await transact(
    deps.kv,
    (tx) => createSession(deps, tx, { agent: "test", state }),
  );
  return { person, session };
}

const found = async (deps: Deps, caller: Awaited<ReturnType<typeof signedIn>>) =>
  (await waitingFor(deps, caller)).map(({ id }) => id);

Deno.test("accepted by whoever reads the named mailbox: tie and systems at that operadora only", async () => {
  using deps = await peopled();
  const invitation = must(await addUser(deps, { ...lia, name: "Lia Como Digitada" }));
  const caller = await signedIn(deps, lia);
  const { id } = caller.person;
  assertEquals(await listOperadorasOfUser(deps, id), []);
  assertEquals(await found(deps, caller), [invitation.id]);
  assertEquals(await listGrants(deps, ALFA, id), []);
  must(await acceptInvitation(deps, caller, invitation));
  assertEquals(await listOperadorasOfUser(deps, id), [ALFA]);
  assertEquals(await listGrants(deps, ALFA, id), ["sib"]);
  assertEquals(await listGrants(deps, BETA, id), []);
  assertEquals(await found(deps, caller), []);
  // The account is as it was; what the operadora said is on the tie.
  assertEquals(await personOf(deps, lia), caller.person);
  const [listed] = (await findUsers(deps, ALFA, { query: "digitada" })).items;
  assertEquals([listed?.id, listed?.name], [id, "Lia Como Digitada"]);
  const accepted = (await listInvitations(deps, ALFA, { filter: "aceitos" })).items[0]!;
  assertEquals([accepted.account, accepted.password], [id, null]);
  const last = (await auditRecords(deps)).filter(({ event }) => event === "invitation.accepted");
  assertEquals(last.map(({ actor, subject }) => [actor, subject]), [[id, invitation.id]]);
  assertMatch((await mailsTo(deps, lia.email)).at(-1)!.subject, /^Você agora tem acesso a ALFA/);
});

Deno.test("found without its password only by the confirmed mailbox or the proved CPF", async (t) => {
  using deps = await peopled();
  const invitation = must(await addUser(deps, { ...lia, email: "intruso@ficticia.example" }));
  const stored = await personOf(deps, lia);
  const refused = async (caller: Awaited<ReturnType<typeof signedIn>>) => {
    assertEquals(await found(deps, caller), []);
    for (const act of [acceptInvitation, declineInvitation]) {
      assertEquals(codeOf(await act(deps, caller, invitation)), "invitation_ended");
    }
  };
  await t.step("the CPF merely declared", async () => await refused(await signedIn(deps, lia)));
  await t.step("somebody else", async () => await refused(await signedIn(deps, rosa)));
  const used = { level: "silver", at: 1 } as const;
  const proof = { by: "govbr", ...used } as const;
  const proved = { ...stored, govbr: used, proof, proofNumber: 1 };
  await deps.kv.set(keys.account(stored.id), proved);
  await t.step("proved, by a credential from before", async () => {
    await refused(await signedIn(deps, lia, { confirmedUnder: 0 }));
    await refused(await signedIn(deps, lia, { confirmedUnder: -1 }));
  });
  await t.step("below the level that proves", async () => {
    const weak = { ...proved, proof: { ...proof, level: "bronze" } as const };
    await deps.kv.set(keys.account(stored.id), weak);
    await refused(await signedIn(deps, lia, { confirmedUnder: 1 }));
    await deps.kv.set(keys.account(stored.id), proved);
  });
  await t.step("proved", async () => {
    const caller = await signedIn(deps, lia, { confirmedUnder: 1 });
    assertEquals(await found(deps, caller), [invitation.id]);
    must(await acceptInvitation(deps, caller, invitation));
    assertEquals(await listOperadorasOfUser(deps, stored.id), [ALFA]);
  });
});

Deno.test("a session that has to do with other mailboxes finds nothing by the account's", async () => {
  using deps = await peopled();
  const invitation = must(await addUser(deps, lia));
  const caller = await signedIn(deps, lia, { mailboxes: ["outra@ficticia.example"] });
  assertEquals(await found(deps, caller), []);
  assertEquals(codeOf(await acceptInvitation(deps, caller, invitation)), "invitation_ended");
  const own = await signedIn(deps, lia, { mailboxes: [lia.email] });
  assertEquals(await found(deps, own), [invitation.id]);
});

Deno.test("the provisional password shown opens it to that session, until it is renewed", async () => {
  using deps = await peopled();
  const email = "trabalho@ficticia.example";
  const invitation = must(await addUser(deps, { ...lia, email }));
  const caller = await signedIn(deps, lia);
  const wrong = await showProvisional(deps, caller, "192.0.2.1", "Errada#2026xyz");
  assertEquals(codeOf(wrong), "invitation_unknown_password");
  const password = await provisionalFor(deps, email);
  // Another person's CPF does not go with it.
  const other = await signedIn(deps, rosa);
  assertEquals(
    codeOf(await showProvisional(deps, other, "192.0.2.1", password)),
    "invitation_unknown_password",
  );
  must(await showProvisional(deps, caller, "192.0.2.1", password));
  const { value } = await deps.kv.get<typeof caller.session>(keys.session(caller.session.id));
  const shown = { ...caller, session: value! };
  assertEquals(await found(deps, shown), [invitation.id]);
  const [actor, alfa] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
  must(await renewInvitation(deps, actor, alfa, invitation.id));
  assertEquals(await found(deps, shown), []);
  must(await showProvisional(deps, caller, "192.0.2.1", await provisionalFor(deps, email)));
  must(await acceptInvitation(deps, caller, invitation));
  const after = await deps.kv.get<typeof caller.session>(keys.session(caller.session.id));
  assertEquals(after.value!.state.invitation, undefined);
});

Deno.test("an account with another CPF is refused, whatever it has shown; it may decline", async () => {
  using deps = await peopled();
  const invitation = must(await addUser(deps, { ...lia, cpf: caio.cpf }));
  const caller = await signedIn(deps, lia);
  assertEquals(await found(deps, caller), [invitation.id]);
  const refused = await acceptInvitation(deps, caller, invitation);
  assertEquals(codeOf(refused), "invitation_other_cpf");
  assertEquals(await listOperadorasOfUser(deps, caller.person.id), []);
  must(await declineInvitation(deps, caller, invitation));
  const declined = (await mailsTo(deps, rosa.email)).at(-1)!;
  assertEquals(declined.subject, "Um convite foi recusado");
  assertEquals(await found(deps, caller), []);
  // The place is free for the right CPF, and for the wrong one.
  must(await addUser(deps, lia));
  must(await addUser(deps, caio));
});

Deno.test("taken back, renewed or lapsed a moment before: refused in the commit", async (t) => {
  const cases = {
    revoked: (deps: Deps, id: string, actor: Account) =>
      operadoraOf(deps, ALFA).then((alfa) => revokeInvitation(deps, actor, alfa, id)),
    declined: async (deps: Deps, id: string) =>
      await declineInvitation(deps, await signedIn(deps, lia), { operadora: ALFA, id }),
    accepted: async (deps: Deps, id: string) =>
      await acceptInvitation(deps, await signedIn(deps, lia), { operadora: ALFA, id }),
  };
  for (const [name, act] of Object.entries(cases)) {
    await t.step(name, async () => {
      using deps = await peopled();
      const invitation = must(await addUser(deps, lia));
      const caller = await signedIn(deps, lia);
      const actor = await personOf(deps, rosa);
      const meanwhile = interrupted(deps, 1, async () => {
        must(await act(deps, invitation.id, actor));
      });
      const refused = await acceptInvitation(meanwhile, caller, invitation);
      assertEquals(codeOf(refused), "invitation_ended");
      const ties = await listOperadorasOfUser(deps, caller.person.id);
      assertEquals(ties, name === "accepted" ? [ALFA] : []);
    });
  }
  await t.step("lapsed", async () => {
    using deps = await peopled();
    const invitation = must(await addUser(deps, lia));
    deps.advance(INVITATION_LIFE);
    const caller = await signedIn(deps, lia);
    assertEquals(codeOf(await acceptInvitation(deps, caller, invitation)), "invitation_ended");
  });
});

Deno.test("a tie that was off is not brought back with what was granted under it", async () => {
  using deps = await peopled();
  await seedUser(deps, zeca, ["sib", "tiss"]);
  const [actor, alfa] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
  const person = await personOf(deps, zeca);
  must(await setUserActive(deps, actor, alfa, person, false));
  const email = "zeca.novo@ficticia.example";
  const named = { ...zeca, name: "Zeca Outro Nome", email };
  const invitation = must(await addUser(deps, named, { systems: ["rpc"] }));
  const caller = await signedIn(deps, zeca);
  must(await showProvisional(deps, caller, "192.0.2.1", await provisionalFor(deps, email)));
  must(await acceptInvitation(deps, caller, invitation));
  assertEquals(await listGrants(deps, ALFA, person.id), ["rpc"]);
  assertEquals(await listOperadorasOfUser(deps, person.id), [ALFA]);
  assertEquals((await findUsers(deps, ALFA, { query: "simulado" })).items, []);
  assertEquals((await findUsers(deps, ALFA, { query: "outro" })).items.length, 1);
  must(await setGrants(deps, actor, ALFA, person, ["sib"]));
});

Deno.test("no account is made or changed by an invitation that nobody accepts", async () => {
  using deps = await peopled();
  const before = await personOf(deps, lia);
  must(await addUser(deps, { ...lia, email: "intruso@ficticia.example", name: "Outro Nome" }));
  must(await addUser(deps, zeca));
  assertEquals(await personOf(deps, lia), before);
  assertEquals(await accountForCpf(deps, zeca.cpf), null);
});
