import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { accountForCpf } from "../../account/account.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { previewImport } from "../users/import_users.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeOf,
  DAY,
  ivo,
  lia,
  login,
  mailsTo,
  manyPerson,
  must,
  operadoraOf,
  operations,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { INVITATION_LIFE, PROVISIONAL_LIFE } from "./invitation.ts";
import {
  inviteUser,
  renewInvitation,
  renewLapsed,
  revokeInvitation,
  type UserForm,
} from "./invite.ts";
import { filterOf, FILTERS, type InvitationFilter, listInvitations } from "./list.ts";

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const [actor, operadora] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
  return { deps, actor, operadora };
}

const ids = async (deps: Deps, filter: InvitationFilter, cnpj = ALFA) =>
  (await listInvitations(deps, cnpj, { filter })).items.map(({ cpf }) => cpf);

/** Families that hold something of an account, a tie or a grant. */
const OF_ACCOUNTS = [keys.account, keys.userOfOperadora, keys.grant, keys.accountByEmail] as const;

async function countOfAccounts({ kv }: Deps): Promise<number> {
  const lists = OF_ACCOUNTS.map(({ family }) => Array.fromAsync(kv.list({ prefix: [family] })));
  return (await Promise.all(lists)).flat().length;
}

Deno.test("J6: an invitation is a mail with login and provisional password, and nothing else", async () => {
  const { deps, actor } = await peopled();
  using _ = deps;
  const before = await countOfAccounts(deps);
  const invitation = must(await addUser(deps, lia, { systems: ["sib", "tiss", "sib"] }));
  assertEquals(invitation.systems, ["sib", "tiss"]);
  assertEquals(invitation.expiresAt - deps.now(), INVITATION_LIFE);
  assertEquals(await countOfAccounts(deps), before);
  assertEquals(await accountForCpf(deps, lia.cpf), null);
  const [mail] = await mailsTo(deps, lia.email);
  for (const part of ["Login (CPF): 910.000.052-", "72 horas", "Senha provisória: "]) {
    assert(mail!.text.includes(part), part);
  }
  const password = await provisionalFor(deps, lia.email);
  assertEquals(password.length, 14);
  const [record] = (await auditRecords(deps)).filter(({ event }) => event === "invitation.sent");
  assertEquals([record!.actor, record!.subject], [actor.id, invitation.id]);
  const text = JSON.stringify(await auditRecords(deps));
  for (const secret of [lia.cpf, lia.name, lia.email, password]) assert(!text.includes(secret));
  for await (const { key, value } of deps.kv.list({ prefix: [] })) {
    if (key[0] === "outbox") continue;
    assert(!Deno.inspect([key, value], { depth: 20 }).includes(password));
  }
});

Deno.test("what is wrong in the form is said, and nothing is written", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  const right: UserForm = { ...lia, systems: ["sib"] };
  const wrong: [string, Partial<UserForm>][] = [
    ["cpf_invalid", { cpf: "123.456.789-00" }],
    ["name_invalid", { name: "Lia" }],
    ["name_invalid", { name: "   " }],
    ["name_invalid", { name: "Lia <b>Campos</b>" }],
    ["name_invalid", { name: "Lia " + "a".repeat(120) }],
    ["email_invalid", { email: "lia@empresa" }],
    ["email_invalid", { email: "a@x.example, b@x.example" }],
    ["email_invalid", { email: "a@x.example\r\nBcc: b@x.example" }],
    ["system_unknown", { systems: ["sib", "root"] }],
    ["system_unknown", { systems: [""] }],
  ];
  for (const [code, change] of wrong) {
    const refused = await inviteUser(deps, actor, operadora, { ...right, ...change });
    assertEquals(codeOf(refused), code, JSON.stringify(change));
  }
  assertEquals(await ids(deps, "enviados"), []);
  assertEquals(await mailsTo(deps, lia.email), []);
});

Deno.test("one tie or invitation for an operadora and CPF; another operadora has its own", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  const twice = await Promise.all([addUser(deps, lia), addUser(deps, lia)]);
  assertEquals(twice.map(codeOf).sort(), ["ok", "user_already_invited"]);
  assertEquals((await mailsTo(deps, lia.email)).length, 1);
  must(await addUser(deps, lia, { cnpj: BETA }));
  await seedUser(deps, caio);
  assertEquals(codeOf(await addUser(deps, caio)), "user_already_registered");
  // Lapsed or taken back, it gives the place free.
  deps.advance(INVITATION_LIFE + 1);
  const second = must(await addUser(deps, lia));
  must(await revokeInvitation(deps, actor, operadora, second.id));
  must(await addUser(deps, { ...lia, email: "certo@ficticia.example" }));
  assertEquals(codeOf(await addUser(deps, lia)), "user_already_invited");
});

Deno.test("inviting does the same and answers the same whoever it is", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  await seedUser(deps, zeca);
  // Known by nothing, by CPF and by mailbox.
  const beta = await operadoraOf(deps, BETA);
  const forms = [
    { ...lia, email: "novo@ficticia.example" },
    { ...zeca, email: "outro@ficticia.example" },
    { ...caio, email: zeca.email },
  ];
  const seen = [];
  for (const form of forms) {
    const calls = await operations(deps, async (watched) => {
      const done = must(await inviteUser(watched, actor, beta, { ...form, systems: ["sib"] }));
      assertEquals(Object.keys(done).length, 13);
    });
    seen.push(calls);
    const text = `CPF;Nome;E-mail\n${form.cpf};${form.name};${form.email}\n`;
    const preview = must(await previewImport(deps, operadora, text));
    const here = form.cpf === zeca.cpf ? "ja_cadastrado" : "novo";
    assertEquals(preview.map(({ outcome }) => outcome), [here]);
  }
  for (const calls of seen) assertEquals(calls, seen[0]);
});

Deno.test("renewed: another password and another 30 days, to the same mailbox", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  const { id } = must(await addUser(deps, lia));
  const first = await provisionalFor(deps, lia.email);
  deps.advance(PROVISIONAL_LIFE);
  const { cpf } = lia;
  assertEquals(codeOf(await login(deps, { cpf, password: first })), "provisional_expired");
  const renewed = must(await renewInvitation(deps, actor, operadora, id));
  assertEquals(renewed.expiresAt - deps.now(), INVITATION_LIFE);
  const second = await provisionalFor(deps, lia.email);
  assertNotEquals(second, first);
  assertEquals(codeOf(await login(deps, { cpf, password: first })), "login_refused");
  assertEquals(must(await login(deps, { cpf, password: second })).next, "first_access");
  for (let i = 0; i < 4; i++) must(await renewInvitation(deps, actor, operadora, id));
  const often = await renewInvitation(deps, actor, operadora, id);
  assertEquals(codeOf(often), "too_many_attempts");
});

Deno.test("nobody renews or takes back what is another operadora's, or is over", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  const { id } = must(await addUser(deps, lia));
  const [other, beta] = [await personOf(deps, ivo), await operadoraOf(deps, BETA)];
  assertEquals(codeOf(await renewInvitation(deps, other, beta, id)), "invitation_unknown");
  assertEquals(codeOf(await revokeInvitation(deps, other, beta, id)), "invitation_unknown");
  must(await revokeInvitation(deps, actor, operadora, id));
  assertEquals(codeOf(await revokeInvitation(deps, actor, operadora, id)), "invitation_over");
  assertEquals(codeOf(await renewInvitation(deps, actor, operadora, id)), "invitation_over");
  const told = (await mailsTo(deps, lia.email)).at(-1)!;
  assertMatch(told.subject, /^O convite de ALFABETA.* foi cancelado/);
  assert(!told.text.includes(lia.name));
});

Deno.test("a lapsed one is not renewed beside another for the same CPF", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  const { id } = must(await addUser(deps, lia));
  deps.advance(INVITATION_LIFE + 1);
  const next = must(await addUser(deps, lia));
  assertEquals(codeOf(await renewInvitation(deps, actor, operadora, id)), "user_already_invited");
  // Taking the old one back leaves the place to the new one.
  must(await revokeInvitation(deps, actor, operadora, id));
  assertEquals(codeOf(await addUser(deps, lia)), "user_already_invited");
  assertEquals((await listInvitations(deps, ALFA, { filter: "enviados" })).items[0]?.id, next.id);
});

Deno.test("each invitation is in one list; all that lapsed are renewed at once", async () => {
  const { deps, actor, operadora } = await peopled();
  using _ = deps;
  for (const person of [lia, zeca]) must(await addUser(deps, person));
  deps.advance(PROVISIONAL_LIFE + 1);
  const taken = must(await addUser(deps, manyPerson(1)));
  must(await revokeInvitation(deps, actor, operadora, taken.id));
  must(await addUser(deps, ivo));
  await seedUser(deps, caio);
  const lists = async () =>
    await Promise.all(FILTERS.map(async (one) => [one, (await ids(deps, one)).length]));
  assertEquals(Object.fromEntries(await lists()), {
    enviados: 1,
    aceitos: 1,
    recusados: 0,
    vencidos: 2,
    revogados: 1,
  });
  assertEquals(filterOf(taken, deps.now()), "enviados");
  assertEquals(await renewLapsed(deps, actor, operadora), { renewed: 2, left: 0 });
  assertEquals((await ids(deps, "vencidos")).length, 0);
  assertEquals((await ids(deps, "enviados")).length, 3);
  assertEquals((await mailsTo(deps, zeca.email)).length, 2);
});

Deno.test("the list goes on page by page, the newest first", async () => {
  const { deps } = await peopled();
  using _ = deps;
  for (let i = 0; i < 5; i++) {
    deps.advance(1);
    must(await addUser(deps, manyPerson(i)));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listInvitations(deps, ALFA, { filter: "enviados", cursor, limit: 2 });
    seen.push(...page.items.map(({ cpf }) => cpf));
    cursor = page.cursor ?? undefined;
  } while (cursor);
  assertEquals(seen, [4, 3, 2, 1, 0].map((i) => manyPerson(i).cpf));
});

Deno.test("a mailbox gets no more than 30 mails of one operadora a day, and nobody is told so", async () => {
  const { deps } = await peopled();
  using _ = deps;
  const email = "rh@ficticia.example";
  for (let i = 0; i < 31; i++) must(await addUser(deps, { ...manyPerson(i), email }));
  assertEquals((await mailsTo(deps, email)).length, 30);
  must(await addUser(deps, { ...lia, email }, { cnpj: BETA }));
  assertEquals((await mailsTo(deps, email)).length, 31);
  deps.advance(DAY);
  must(await addUser(deps, { ...zeca, email }));
  assertEquals((await mailsTo(deps, email)).length, 32);
});
