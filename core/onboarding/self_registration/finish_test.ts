import { assertEquals, assertNotEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { keys } from "../../store/keys.ts";
import type { AccountId } from "../../store/records/account.ts";
import {
  anonymous,
  auditRecords,
  caio,
  CNS_NUMBER,
  codeFor,
  codeOf,
  declare,
  declaredAs,
  declaredBy,
  idOf,
  interrupted,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  seedRegistries,
  selfRegister,
  selfRegistrationAt,
} from "@/tests/fixtures/mod.ts";
import { syntheticCns } from "@/tools/sample/people.ts";
import { transact } from "../../store/transact.ts";
import { identification } from "../../account/identification.ts";
import { accountOfEmail } from "../../account/account.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import {
  acceptSelfRegistrationTerms,
  confirmSelfRegistration,
  finishSelfRegistration,
} from "./finish.ts";

const typed = { password: PASSWORD, repeated: PASSWORD };

Deno.test("code, terms and password: a person, declared, logged in with a new session", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(lia));
  const cookie = await sessionToken(deps, browser);
  const done = must(await finishSelfRegistration(deps, browser, typed));
  assertEquals(done.returnPath, "/solicitar");
  assertNotEquals(done.session.id, browser.id);
  assertEquals(await readSession(deps, cookie), null);
  const caller = await loadCaller(deps, done.session);
  assertEquals([caller?.termsAccepted, caller?.isRepresentative], [true, false]);
  const person = await personOf(deps, lia);
  assertEquals(identification(person), { kind: "declarado" });
  assertEquals([person.name, person.email], [lia.name, lia.email]);
  const { number, quality, source } = person.cns!;
  assertEquals([number, quality, source], [CNS_NUMBER, "desconhecida", "declarado"]);
  // Nothing but the person's word has the CPF: the account is found by its e-mail.
  assertEquals(must(await login(deps, { cpf: lia.email, password: PASSWORD })).next, "logged_in");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals((await mailsTo(deps, lia.email)).at(-1)?.subject, "Cadastro concluído");
  const record = (await auditRecords(deps)).find((one) => one.event === "person.self_registered");
  assertEquals([record?.actor, record?.subject], [person.id, person.id]);
});

Deno.test("no step is skipped, and none is made twice", async () => {
  using deps = await seedRegistries();
  const steps = {
    codigo: (browser: Awaited<ReturnType<typeof anonymous>>) =>
      confirmSelfRegistration(deps, browser, "ABCDEFGH"),
    termos: (browser: Awaited<ReturnType<typeof anonymous>>) =>
      acceptSelfRegistrationTerms(deps, browser, true),
    senha: (browser: Awaited<ReturnType<typeof anonymous>>) =>
      finishSelfRegistration(deps, browser, typed),
  };
  const names = Object.keys(steps) as (keyof typeof steps)[];
  const nowhere = await anonymous(deps);
  for (const name of names) {
    assertEquals(codeOf(await steps[name](nowhere)), "self_registration_missing", name);
  }
  for (const at of names) {
    const browser = await selfRegistrationAt(deps, at, declaredBy(lia));
    for (const name of names.filter((one) => one !== at)) {
      assertEquals(codeOf(await steps[name](browser)), "step_out_of_order", `${name} at ${at}`);
    }
  }
  assertEquals(await declaredAs(deps, lia.cpf), null);
});

Deno.test("a code serves once, in its browser, for ten minutes, with five attempts", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "codigo", declaredBy(lia));
  const code = await codeFor(deps, lia.email);
  const other = await selfRegistrationAt(deps, "codigo", declaredBy(caio));
  assertEquals(codeOf(await confirmSelfRegistration(deps, other, code)), "code_wrong");
  assertEquals(
    codeOf(await confirmSelfRegistration(deps, null, code)),
    "self_registration_missing",
  );
  const both = await Promise.all([1, 2].map(() => confirmSelfRegistration(deps, browser, code)));
  const made = both.filter((one) => one.ok);
  assertEquals(made.length, 1);
  const confirmed = must(made[0]!);
  assertEquals(codeOf(await confirmSelfRegistration(deps, confirmed, code)), "step_out_of_order");

  for (let i = 0; i < 4; i++) await confirmSelfRegistration(deps, other, "ABCDEFGH");
  const late = await confirmSelfRegistration(deps, other, await codeFor(deps, caio.email));
  assertEquals(codeOf(late), "code_exhausted");
});

Deno.test("a code of another address is worth nothing once the data were corrected", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "codigo", declaredBy(lia));
  const code = await codeFor(deps, lia.email);
  must(await declare(deps, browser, declaredBy(lia, { email: "lia.nova@ficticia.example" })));
  assertEquals(codeOf(await confirmSelfRegistration(deps, browser, code)), "code_wrong");
});

Deno.test("an address that was corrected while its code was on the way is not confirmed by it", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "codigo", declaredBy(lia));
  const code = await codeFor(deps, lia.email);
  const correct = () =>
    declare(deps, browser, declaredBy(lia, { email: "outra@ficticia.example" }));
  // The first commit counts the attempt, the second makes the step.
  const late = await confirmSelfRegistration(interrupted(deps, 2, correct), browser, code);
  assertEquals(codeOf(late), "code_expired");
});

Deno.test("terms not accepted, and passwords that will not do, are asked again", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "termos", declaredBy(lia));
  const refused = await acceptSelfRegistrationTerms(deps, browser, false);
  assertEquals(codeOf(refused), "terms_not_accepted");
  const agreed = must(await acceptSelfRegistrationTerms(deps, browser, true));
  const wrong: [string, string, string][] = [
    ["passwords_differ", PASSWORD, `${PASSWORD}x`],
    ["password_too_short", "aB1#", "aB1#"],
    ["password_common", "Senha@123", "Senha@123"],
    ["password_personal", "Suposta#2931", "Suposta#2931"],
  ];
  for (const [code, password, repeated] of wrong) {
    assertEquals(
      codeOf(await finishSelfRegistration(deps, agreed, { password, repeated })),
      code,
    );
  }
  must(await finishSelfRegistration(deps, agreed, typed));
});

Deno.test("left alone for half an hour it has to be begun again", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(lia));
  deps.advance(30 * MINUTE);
  const late = await finishSelfRegistration(deps, browser, typed);
  assertEquals(codeOf(late), "self_registration_missing");
});

Deno.test("two browsers with one e-mail: the first to finish has it; a CPF is nobody's alone", async () => {
  using deps = await seedRegistries();
  const first = await selfRegistrationAt(deps, "senha", declaredBy(lia));
  const other = "outra@ficticia.example";
  const sameCpf = await selfRegistrationAt(deps, "senha", declaredBy(lia, { email: other }));
  const sameEmail = await selfRegistrationAt(
    deps,
    "senha",
    declaredBy(caio, { email: lia.email, cns: syntheticCns(102) }),
  );
  must(await finishSelfRegistration(deps, first, typed));
  const late = await finishSelfRegistration(deps, sameEmail, typed);
  assertEquals(codeOf(late), "self_registration_has_account");
  must(await finishSelfRegistration(deps, sameCpf, typed));
  const accounts = [await accountOfEmail(deps, lia.email), await accountOfEmail(deps, other)];
  assertEquals(accounts.map((one) => one?.cpf), [lia.cpf, lia.cpf]);
  assertNotEquals(accounts[0]!.id, accounts[1]!.id);
});

Deno.test("the last form posted twice makes one person and one session", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(lia));
  const both = await Promise.all([1, 2].map(() => finishSelfRegistration(deps, browser, typed)));
  assertEquals(both.map(codeOf).filter((one) => one === "ok").length, 1);
  const sessions = await Array.fromAsync(
    deps.kv.list({ prefix: keys.sessionOfAccount.under(await idOf(deps, lia)) }),
  );
  assertEquals(sessions.length, 1);
});

Deno.test("a CNS that another person has declared too is declared all the same", async () => {
  using deps = await seedRegistries();
  await selfRegister(deps, lia);
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(caio));
  must(await finishSelfRegistration(deps, browser, typed));
  for (const one of [lia, caio]) {
    const { cns } = await personOf(deps, one);
    assertEquals([cns?.number, cns?.source], [CNS_NUMBER, "declarado"]);
  }
  assertEquals((await deps.kv.get<AccountId>(keys.accountByCns(CNS_NUMBER))).value, null);
});

Deno.test("a session that ends in the middle of the last form makes nobody", async () => {
  using deps = await seedRegistries();
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(lia));
  const end = () => transact(deps.kv, (tx) => tx.delete(keys.session(browser.id)));
  const late = await finishSelfRegistration(interrupted(deps, 1, end), browser, typed);
  assertEquals(codeOf(late), "self_registration_missing");
  assertEquals(await declaredAs(deps, lia.cpf), null);
});
