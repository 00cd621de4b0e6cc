import { assertEquals, assertNotEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { keys } from "../../store/keys.ts";
import {
  auditRecords,
  caio,
  codeFor,
  codeOf,
  interrupted,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  visit,
  world,
} from "../../testing_world.ts";
import { transact } from "../../store/transact.ts";
import { identification } from "../identification.ts";
import { getPerson } from "../person.ts";
import { readSession, sessionToken } from "../session.ts";
import {
  acceptSelfRegistrationTerms,
  confirmSelfRegistration,
  finishSelfRegistration,
} from "./finish.ts";
import {
  begin,
  CNS_NUMBER,
  declaredBy,
  OTHER_CNS_NUMBER,
  selfRegister,
  selfRegistrationAt,
} from "./world_testing.ts";

const typed = { password: PASSWORD, repeated: PASSWORD };

Deno.test("code, terms and password: a person, declared, logged in with a new session", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(lia));
  const cookie = await sessionToken(portal, browser);
  const done = must(await finishSelfRegistration(portal, browser, typed));
  assertEquals([done.returnPath, done.hasCns], ["/solicitar", true]);
  assertNotEquals(done.session.id, browser.id);
  assertEquals(await readSession(portal, cookie), null);
  assertEquals((await portal.kv.get(keys.selfRegistration(browser.id))).value, null);
  const caller = await loadCaller(portal, done.session);
  assertEquals([caller?.termsAccepted, caller?.isRepresentative], [true, false]);
  const person = await personOf(portal, lia);
  assertEquals(identification(person), { kind: "declarado" });
  assertEquals([person.name, person.email, person.contactEmail], [lia.name, lia.email, null]);
  const { number, quality, source } = person.cns!;
  assertEquals([number, quality, source], [CNS_NUMBER, "desconhecida", "declarado"]);
  assertEquals(must(await login(portal, { cpf: lia.cpf, password: PASSWORD })).next, "logged_in");
  assertEquals((await mailsTo(portal, lia.email)).at(-1)?.subject, "Cadastro concluído");
  const record = (await auditRecords(portal)).find((one) => one.event === "person.self_registered");
  assertEquals([record?.actor, record?.subject], [person.id, person.id]);
});

Deno.test("no step is skipped, and none is made twice", async () => {
  using portal = await world();
  const steps = {
    codigo: (browser: Awaited<ReturnType<typeof visit>>) =>
      confirmSelfRegistration(portal, browser, "ABCDEFGH"),
    termos: (browser: Awaited<ReturnType<typeof visit>>) =>
      acceptSelfRegistrationTerms(portal, browser, true),
    senha: (browser: Awaited<ReturnType<typeof visit>>) =>
      finishSelfRegistration(portal, browser, typed),
  };
  const names = Object.keys(steps) as (keyof typeof steps)[];
  const nowhere = await visit(portal);
  for (const name of names) {
    assertEquals(codeOf(await steps[name](nowhere)), "self_registration_missing", name);
  }
  for (const at of names) {
    const browser = await selfRegistrationAt(portal, at, declaredBy(lia));
    for (const name of names.filter((one) => one !== at)) {
      assertEquals(codeOf(await steps[name](browser)), "step_out_of_order", `${name} at ${at}`);
    }
  }
  assertEquals(await getPerson(portal, lia.cpf), null);
});

Deno.test("a code serves once, in its browser, for ten minutes, with five attempts", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "codigo", declaredBy(lia));
  const code = await codeFor(portal, lia.email);
  const other = await selfRegistrationAt(portal, "codigo", declaredBy(caio));
  assertEquals(codeOf(await confirmSelfRegistration(portal, other, code)), "code_wrong");
  assertEquals(
    codeOf(await confirmSelfRegistration(portal, null, code)),
    "self_registration_missing",
  );
  const both = await Promise.all([1, 2].map(() => confirmSelfRegistration(portal, browser, code)));
  assertEquals(both.map(codeOf).filter((one) => one === "ok").length, 1);
  assertEquals(codeOf(await confirmSelfRegistration(portal, browser, code)), "step_out_of_order");

  for (let i = 0; i < 4; i++) await confirmSelfRegistration(portal, other, "ABCDEFGH");
  const late = await confirmSelfRegistration(portal, other, await codeFor(portal, caio.email));
  assertEquals(codeOf(late), "code_exhausted");
});

Deno.test("a code of another address is worth nothing once the data were corrected", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "codigo", declaredBy(lia));
  const code = await codeFor(portal, lia.email);
  must(await begin(portal, browser, declaredBy(lia, { email: "lia.nova@ficticia.example" })));
  assertEquals(codeOf(await confirmSelfRegistration(portal, browser, code)), "code_wrong");
});

Deno.test("an address that was corrected while its code was on the way is not confirmed by it", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "codigo", declaredBy(lia));
  const code = await codeFor(portal, lia.email);
  const correct = () =>
    begin(portal, browser, declaredBy(lia, { email: "outra@ficticia.example" }));
  // The first commit counts the attempt, the second makes the step.
  const late = await confirmSelfRegistration(interrupted(portal, 2, correct), browser, code);
  assertEquals(codeOf(late), "code_expired");
});

Deno.test("terms not accepted, and passwords that will not do, are asked again", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "termos", declaredBy(lia));
  const refused = await acceptSelfRegistrationTerms(portal, browser, false);
  assertEquals(codeOf(refused), "terms_not_accepted");
  must(await acceptSelfRegistrationTerms(portal, browser, true));
  const wrong: [string, string, string][] = [
    ["passwords_differ", PASSWORD, `${PASSWORD}x`],
    ["password_too_short", "aB1#", "aB1#"],
    ["password_common", "Senha@123", "Senha@123"],
    ["password_personal", "Suposta#2931", "Suposta#2931"],
  ];
  for (const [code, password, repeated] of wrong) {
    assertEquals(
      codeOf(await finishSelfRegistration(portal, browser, { password, repeated })),
      code,
    );
  }
  must(await finishSelfRegistration(portal, browser, typed));
});

Deno.test("left alone for half an hour it has to be begun again", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(lia));
  portal.advance(30 * MINUTE);
  const late = await finishSelfRegistration(portal, browser, typed);
  assertEquals(codeOf(late), "self_registration_missing");
});

Deno.test("two browsers with one CPF, or one e-mail: the first to finish has it", async () => {
  using portal = await world();
  const first = await selfRegistrationAt(portal, "senha", declaredBy(lia));
  const sameCpf = await selfRegistrationAt(
    portal,
    "senha",
    declaredBy(lia, { email: "outra@ficticia.example" }),
  );
  const sameEmail = await selfRegistrationAt(
    portal,
    "senha",
    declaredBy(caio, { email: lia.email, cns: OTHER_CNS_NUMBER }),
  );
  must(await finishSelfRegistration(portal, first, typed));
  for (const browser of [sameCpf, sameEmail]) {
    const late = await finishSelfRegistration(portal, browser, typed);
    assertEquals(codeOf(late), "self_registration_taken");
  }
  assertEquals((await personOf(portal, lia)).email, lia.email);
  assertEquals(await getPerson(portal, caio.cpf), null);
});

Deno.test("the last form posted twice makes one person and one session", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(lia));
  const both = await Promise.all([1, 2].map(() => finishSelfRegistration(portal, browser, typed)));
  assertEquals(both.map(codeOf).filter((one) => one === "ok").length, 1);
  const sessions = await Array.fromAsync(
    portal.kv.list({ prefix: keys.sessionByPerson.under(lia.cpf) }),
  );
  assertEquals(sessions.length, 1);
});

Deno.test("a CNS of somebody else is left out, the rest goes on", async () => {
  using portal = await world();
  await selfRegister(portal, lia);
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(caio));
  const done = must(await finishSelfRegistration(portal, browser, typed));
  assertEquals(done.hasCns, false);
  assertEquals((await personOf(portal, caio)).cns, undefined);
  assertEquals((await portal.kv.get(keys.personByCns(CNS_NUMBER))).value, lia.cpf);
});

Deno.test("a session that ends in the middle of the last form makes nobody", async () => {
  using portal = await world();
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(lia));
  const end = () => transact(portal.kv, (tx) => tx.delete(keys.session(browser.id)));
  const late = await finishSelfRegistration(interrupted(portal, 1, end), browser, typed);
  assertEquals(codeOf(late), "session_ended");
  assertEquals(await getPerson(portal, lia.cpf), null);
});
