import { assert, assertEquals } from "@std/assert";
import { accountForCpf } from "../../account/account.ts";
import { getAccount } from "../../account/account.ts";
import { listGrants } from "../../access/users/grants.ts";
import { PROVISIONAL_LIFE } from "../../access/invitations/invitation.ts";
import { renewInvitation, revokeInvitation } from "../../access/invitations/invite.ts";
import { listInvitations } from "../../access/invitations/list.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  addUser,
  ALFA,
  anonymous,
  codeFor,
  codeOf,
  form,
  interrupted,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  operadoraOf,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  selfRegister,
  soundLog,
  userAt,
} from "@/tests/fixtures/mod.ts";
import { confirmInvited } from "./finish.ts";
import {
  acceptInvited,
  changeInvitedEmail,
  declineInvited,
  resendInvitedCode,
  submitInvited,
} from "./steps.ts";

const OTHER = "outra@ficticia.example";

async function invitedLia() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  const invitation = must(await addUser(deps, lia, { systems: ["sib", "tiss"] }));
  return { deps, invitation };
}

const stateOf = async (deps: Deps) =>
  (await deps.kv.get<{ state: string }>(
    keys.invitation(ALFA, (await listAll(deps))[0]!.id),
  )).value!.state;

const listAll = async (deps: Deps) => {
  const lists = await Promise.all(
    (["enviados", "vencidos", "aceitos", "recusados", "revogados"] as const).map((filter) =>
      listInvitations(deps, ALFA, { filter })
    ),
  );
  return lists.flatMap(({ items }) => items);
};

async function accountsOf(deps: Deps, cpf: string): Promise<number> {
  const list = deps.kv.list({ prefix: keys.accountsOfCpf.under(cpf) });
  return (await Array.fromAsync(list)).length;
}

Deno.test("J7: nothing is made before the last step; the invited address needs no code", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const session = await userAt(deps, "cadastro", lia);
  assertEquals([await stateOf(deps), await accountForCpf(deps, lia.cpf)], ["enviado", null]);
  // Begun again with the same password.
  const again = await userAt(deps, "cadastro", lia);
  const mails = (await mailsTo(deps, lia.email)).length;
  const entered = must(await submitInvited(deps, again, form(lia))) as Session<LoggedIn>;
  assertEquals(entered.state.operadora, ALFA);
  const person = (await getAccount(deps, entered.state.account))!;
  assertEquals([person.cpf, person.name, person.email], [lia.cpf, lia.name, lia.email]);
  assertEquals([person.proof, person.origin], [null, "convite"]);
  assertEquals(await listGrants(deps, ALFA, person.id), ["sib", "tiss"]);
  assertEquals(await stateOf(deps), "aceito");
  assertEquals(
    (await mailsTo(deps, lia.email)).length,
    mails + 1,
    "only what tells that it is done",
  );
  // The other browser, and the password, are worth nothing any more.
  assertEquals(codeOf(await submitInvited(deps, session, form(lia))), "provisional_spent");
  await soundLog(deps);
});

Deno.test("another address is confirmed by a code first", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const session = await userAt(deps, "confirmar", lia, OTHER);
  assertEquals(await accountForCpf(deps, lia.cpf), null);
  assertEquals(codeOf(await confirmInvited(deps, session, "ABCDEFGH")), "code_wrong");
  must(await resendInvitedCode(deps, session));
  const entered = must(await confirmInvited(deps, session, await codeFor(deps, OTHER)));
  assertEquals((await getAccount(deps, entered.state.account))?.email, OTHER);
});

Deno.test("an address that is an account's: the same until its code is there", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  for (const email of [rosa.email, OTHER]) {
    const session = await userAt(deps, "cadastro", lia);
    const next = must(await submitInvited(deps, session, { ...form(lia), email }));
    assertEquals(next.state.kind, "anonymous");
    const code = await codeFor(deps, email);
    const known = email === rosa.email;
    assertEquals(
      codeOf(await confirmInvited(deps, next, code)),
      known ? "email_has_account" : "ok",
    );
    if (!known) continue;
    const back = must(await changeInvitedEmail(deps, next));
    assertEquals(back.state.onboarding?.step, "cadastro");
  }
});

Deno.test("whoever reads the invited address is told at once that it has an account", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  await selfRegister(deps, { ...rosa, cpf: "39053344705", email: lia.email });
  const session = await userAt(deps, "cadastro", lia);
  assertEquals(codeOf(await submitInvited(deps, session, form(lia))), "email_has_account");
  assertEquals(await stateOf(deps), "enviado");
});

Deno.test("what is wrong in the form is said, and the step can be made again", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const at = await userAt(deps, "convite", lia);
  assertEquals(codeOf(await acceptInvited(deps, at, false)), "terms_not_accepted");
  const session = must(await acceptInvited(deps, at, true));
  const wrong: [string, Partial<ReturnType<typeof form>>][] = [
    ["email_invalid", { email: "lia@" }],
    ["passwords_differ", { repeated: OTHER_PASSWORD }],
    ["password_personal", { password: "Alfabeta#1z", repeated: "Alfabeta#1z" }],
    ["password_personal", { password: "Suposta#2931", repeated: "Suposta#2931" }],
    ["password_too_short", { password: "aB1#", repeated: "aB1#" }],
  ];
  for (const [code, change] of wrong) {
    assertEquals(codeOf(await submitInvited(deps, session, { ...form(lia), ...change })), code);
  }
  must(await submitInvited(deps, session, form(lia)));
});

Deno.test("steps are made in their order, by a session that shows the invitation", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const at = await userAt(deps, "convite", lia);
  assertEquals(codeOf(await submitInvited(deps, at, form(lia))), "step_out_of_order");
  assertEquals(codeOf(await confirmInvited(deps, at, "ABCDEFGH")), "step_out_of_order");
  const other = await anonymous(deps);
  assertEquals(codeOf(await acceptInvited(deps, other, true)), "step_out_of_order");
  assertEquals(codeOf(await declineInvited(deps, other)), "step_out_of_order");
  assertEquals(codeOf(await acceptInvited(deps, null, true)), "session_ended");
  assertEquals(codeOf(await declineInvited(deps, null)), "session_ended");
  const next = must(await acceptInvited(deps, at, true));
  assertEquals(codeOf(await acceptInvited(deps, next, true)), "step_out_of_order");
});

Deno.test("revoked, renewed or declined a moment before the last step: nothing is made", async (t) => {
  const cases = {
    revoked: "invitation_ended",
    declined: "invitation_ended",
    renewed: "provisional_spent",
  } as const;
  for (const [name, expected] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { deps, invitation: { id } } = await invitedLia();
      using _ = deps;
      const session = await userAt(deps, "cadastro", lia);
      const other = await userAt(deps, "convite", lia);
      const [actor, alfa] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
      // One commit counts the attempt, the next is the last step's.
      const meanwhile = interrupted(deps, 2, async () => {
        if (name === "revoked") must(await revokeInvitation(deps, actor, alfa, id));
        else if (name === "renewed") must(await renewInvitation(deps, actor, alfa, id));
        else must(await declineInvited(deps, other));
      });
      assertEquals(codeOf(await submitInvited(meanwhile, session, form(lia))), expected);
      assertEquals(await accountForCpf(deps, lia.cpf), null);
    });
  }
});

Deno.test("two browsers with one provisional password at once: one account", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const ready = [await userAt(deps, "confirmar", lia, OTHER), await userAt(deps, "cadastro", lia)];
  const code = await codeFor(deps, OTHER);
  const outcomes = await Promise.all([
    confirmInvited(deps, ready[0]!, code),
    submitInvited(deps, ready[1]!, form(lia)),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "provisional_spent"]);
  assertEquals(await accountsOf(deps, lia.cpf), 1);
});

Deno.test("the provisional password ends after 72 hours, in the middle too", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const typed = { cpf: lia.cpf, password: await provisionalFor(deps, lia.email) };
  deps.advance(PROVISIONAL_LIFE - MINUTE);
  const session = await userAt(deps, "cadastro", lia);
  deps.advance(MINUTE);
  assertEquals(codeOf(await submitInvited(deps, session, form(lia))), "provisional_expired");
  assertEquals(codeOf(await login(deps, typed)), "provisional_expired");
});

Deno.test("declined: the invitation ends, and the representative is told", async () => {
  const { deps } = await invitedLia();
  using _ = deps;
  const session = await userAt(deps, "convite", lia);
  must(await declineInvited(deps, session));
  assertEquals(await stateOf(deps), "recusado");
  const [told] = (await mailsTo(deps, rosa.email)).slice(-1);
  assert(told!.text.includes(lia.name) && told!.text.includes(lia.email));
  const typed = { cpf: lia.cpf, password: await provisionalFor(deps, lia.email) };
  assertEquals(codeOf(await login(deps, typed)), "login_refused");
  assertEquals(codeOf(await declineInvited(deps, session)), "session_ended");
});

Deno.test("a person with an account enters with it in the same browser, and the session keeps the invitation", async () => {
  const { deps, invitation } = await invitedLia();
  using _ = deps;
  await selfRegister(deps, { ...lia, email: OTHER });
  const session = await userAt(deps, "convite", lia);
  const entry = must(await login(deps, { cpf: OTHER, password: PASSWORD }, { session }));
  const state = entry.session.state as LoggedIn;
  assertEquals(state.invitation?.id, invitation.id);
  const without = must(await login(deps, { cpf: OTHER, password: PASSWORD }));
  assertEquals((without.session.state as LoggedIn).invitation, undefined);
});
