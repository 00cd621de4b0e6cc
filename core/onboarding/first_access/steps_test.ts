import { confirmInvited } from "../invitation/finish.ts";
import { submitInvited } from "../invitation/steps.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../../audit/chain.ts";
import { loadCaller } from "../../access/caller.ts";
import { keys } from "../../store/keys.ts";
import type { FirstAccessStep, LoggedIn, Session } from "../../store/records/session.ts";
import {
  addUser,
  ALFA,
  ALFA_MAIL,
  anonymous,
  auditRecords,
  certificate,
  codeFor,
  codeOf,
  DAY,
  form,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  onboardingIn,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  recordedVisit,
  representativeAt,
  representativeOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  showCertificate,
  userAt,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { signInWithCertificate } from "../../signin/certificate.ts";
import { finishAsKnownPerson, finishFirstAccess, finishWithOwnAccount } from "./finish.ts";
import {
  acceptFirstTerms,
  changeEmail,
  confirmName,
  resendCode,
  submitRegistration,
} from "./steps.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { accountForCpf } from "../../account/account.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** Every step of a first access; each must refuse a session that is at another one. */
const STEPS: Record<FirstAccessStep, (deps: World, session: Session | null) => Promise<unknown>> = {
  usuario: confirmName,
  termos: (deps, session) => acceptFirstTerms(deps, session, true),
  cadastro: (deps, session) => submitRegistration(deps, session, form(rosa)),
  confirmar: (deps, session) => finishFirstAccess(deps, session, "AAAAAAAA"),
  conta: (deps, session) => finishWithOwnAccount(deps, session, PASSWORD),
};

/** Those that each first access comes to. */
const REACHED = ["usuario", "termos", "cadastro", "confirmar"] as const;

Deno.test("J1: the representative comes in, without a password being asked before", async () => {
  using deps = await seedRegistries();
  const entry = await showCertificate(deps, certificate(deps, ALFA));
  assertEquals(entry.next, "first_access");
  assertEquals(onboardingIn(entry.session, "first_access")?.name, rosa.name.toUpperCase());
  const session = await seedRepresentative(deps);

  const caller = (await loadCaller(deps, session))!;
  assertEquals(caller.isRepresentative, true);
  assertEquals(caller.operadora?.cnpj, ALFA);
  assertEquals(caller.termsAccepted, true);
  assertEquals(caller.person.email, rosa.email);
  assertEquals(await representativeOf(deps, ALFA), { cpf: rosa.cpf, certificate: "a" });
  assertEquals((await mailsTo(deps, ALFA_MAIL)).map(({ subject }) => subject), [
    "Certificado digital registrado no portal",
  ]);
  assert((await deps.kv.get(keys.termsAccepted(caller.person.id, TERMS_VERSION))).value);
});

Deno.test("J7: a usuário comes in with the provisional password, which then is worth nothing", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const provisional = await provisionalFor(deps, lia.email);
  const session = await userAt(deps, "cadastro", lia);
  const entered = must(await submitInvited(deps, session, form(lia)));
  assertNotEquals(entered.id, session.id);
  // The only one that Lia works for.
  assertEquals((entered.state as LoggedIn).operadora, ALFA);
  const typed = { cpf: lia.cpf, password: provisional };
  assertEquals(codeOf(await login(deps, typed)), "login_refused");
  assertEquals(must(await login(deps, { ...typed, password: PASSWORD })).next, "logged_in");
});

Deno.test("no step can be skipped or made again", async () => {
  using deps = await seedRegistries();
  for (const at of REACHED) {
    const session = await representativeAt(deps, at);
    for (const [step, act] of Object.entries(STEPS)) {
      if (step === at) continue;
      assertEquals(await act(deps, session), { ok: false, code: "step_out_of_order" }, step);
    }
  }
  assertEquals(await accountForCpf(deps, rosa.cpf), null);
});

Deno.test("no step without a session, in a visit that shows nothing, or after the login", async () => {
  using deps = await seedRegistries();
  const bare = await anonymous(deps);
  const entered = await seedRepresentative(deps);
  for (const act of Object.values(STEPS)) {
    assertEquals(await act(deps, null), { ok: false, code: "session_ended" });
    assertEquals(await act(deps, bare), { ok: false, code: "step_out_of_order" });
    const after = await act(deps, entered) as { ok: boolean };
    assertEquals(after.ok, false);
  }
  const known = { login: rosa.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(deps, bare, known)), "step_out_of_order");
  assertEquals(codeOf(await resendCode(deps, bare)), "step_out_of_order");
  assertEquals(codeOf(await changeEmail(deps, bare)), "step_out_of_order");
});

Deno.test("a form posted after the session ended, at each step", async () => {
  using deps = await seedRegistries();
  for (const step of REACHED) {
    const act = STEPS[step];
    const session = await representativeAt(deps, step);
    deps.advance(30 * MINUTE);
    const refused = await act(deps, session) as { code: string };
    // The code ends before the session does.
    assertEquals(refused.code, step === "confirmar" ? "code_expired" : "session_ended");
  }
});

Deno.test("a certificate that expires in the middle ends the first access, at each step", async () => {
  using deps = await seedRegistries();
  for (const step of REACHED) {
    const act = STEPS[step];
    const seen = certificate(deps, ALFA, { life: MINUTE });
    const session = await representativeAt(deps, step, rosa, seen);
    deps.advance(MINUTE + 1);
    const refused = { ok: false, code: "certificate_expired_meanwhile" };
    assertEquals(await act(deps, session), refused);
    const known = { login: rosa.cpf, password: PASSWORD };
    if (step === "cadastro") {
      assertEquals(await finishAsKnownPerson(deps, session, known), refused);
    }
    if (step === "confirmar") {
      const code = await codeFor(deps, rosa.email);
      assertEquals(await finishFirstAccess(deps, session, code), refused);
    }
  }
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("without the terms there is no next step", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "termos");
  assertEquals(codeOf(await acceptFirstTerms(deps, session, false)), "terms_not_accepted");
  const refused = await submitRegistration(deps, session, form(rosa));
  assertEquals(codeOf(refused), "step_out_of_order");
});

Deno.test("the session has a new id at each change of powers; the old cookies are worth nothing", async () => {
  using deps = await seedRegistries();
  const before = await recordedVisit(deps);
  const entry = must(
    await signInWithCertificate(deps, before, certificate(deps, ALFA)),
  );
  assertNotEquals(entry.session.id, before.id);
  const named = must(await confirmName(deps, entry.session));
  const agreed = must(await acceptFirstTerms(deps, named, true));
  const last = must(await submitRegistration(deps, agreed, form(rosa)));
  const entered = must(
    await finishFirstAccess(deps, last, await codeFor(deps, rosa.email)),
  );
  assertNotEquals(entered.id, named.id);
  for (const old of [before, named]) {
    assertEquals(await readSession(deps, await sessionToken(deps, old)), null);
  }
});

Deno.test("a first access does not outlive its visit", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "termos");
  deps.advance(DAY);
  assertEquals(codeOf(await acceptFirstTerms(deps, session, true)), "session_ended");
});

Deno.test("after all of it the chains hold and tell no CPF, code or password", async () => {
  using deps = await seedRegistries();
  const representative = await representativeAt(deps, "confirmar");
  must(await finishFirstAccess(deps, representative, await codeFor(deps, rosa.email)));
  must(await addUser(deps, lia));
  const other = "outra@ficticia.example";
  const user = await userAt(deps, "confirmar", lia, other);
  must(await confirmInvited(deps, user, await codeFor(deps, other)));
  await login(deps, { cpf: lia.cpf, password: OTHER_PASSWORD });
  await login(deps, { cpf: zeca.cpf, password: OTHER_PASSWORD });
  for (const stream of ["portal", ALFA]) {
    const { records, brokenAt } = await verifyStream(deps.kv, stream);
    assert(records > 0);
    assertEquals(brokenAt, null);
  }
  const text = JSON.stringify(await auditRecords(deps));
  const codes = [await codeFor(deps, rosa.email), await codeFor(deps, other)];
  const secrets = [PASSWORD, OTHER_PASSWORD, await provisionalFor(deps, lia.email), ...codes];
  for (const secret of [rosa.cpf, lia.cpf, zeca.cpf, ...secrets]) {
    assert(!text.includes(secret), secret);
  }
  for await (const { key, value } of deps.kv.list({ prefix: [] })) {
    // Messages hold what they tell until they are sent.
    if (key[0] === "outbox") continue;
    const entry = Deno.inspect([key, value], { depth: 20, strAbbreviateSize: 10_000 });
    for (const secret of secrets) assert(!entry.includes(secret), `${String(key[0])}: ${secret}`);
  }
});
