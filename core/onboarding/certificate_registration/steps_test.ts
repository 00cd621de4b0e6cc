import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatCnpj } from "../../registry/numbers.ts";
import { keys } from "../../store/keys.ts";
import type { Anonymous, RegistrationStep, Session } from "../../store/records/session.ts";
import {
  ALFA,
  ALFA_MAIL,
  ALFA_NAME,
  anonymous,
  auditRecords,
  BETA,
  codeFor,
  codeOf,
  foreign,
  importEdition,
  interrupted,
  mailsTo,
  messages,
  MINUTE,
  must,
  onboardingIn,
  registerFor,
  registrationAt,
  renewed,
  seedRegistries,
  seedRepresentative,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";
import { atStep } from "../steps.ts";
import { loginWithCertificatePassword } from "../../signin/password.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { finishRegistration } from "./finish.ts";
import { acceptDivergence, changeCnpj, resendRegistrationCode, submitCnpj } from "./steps.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** Every action, by the step it belongs to; each must refuse a session that is at another one. */
const ACTS: [RegistrationStep, (deps: World, session: Session | null) => Promise<unknown>][] = [
  ["cnpj", (deps, session) => submitCnpj(deps, session, ALFA)],
  ["divergencia", (deps, session) => acceptDivergence(deps, session, ALFA)],
  ["divergencia", (deps, session) => changeCnpj(deps, session, "divergencia")],
  ["codigo", (deps, session) => finishRegistration(deps, session, "AAAAAAAA")],
  ["codigo", resendRegistrationCode],
  ["codigo", (deps, session) => changeCnpj(deps, session, "codigo")],
];

const STEPS = ["cnpj", "divergencia", "codigo"] as const;

/** What the store has of a session's registration. */
async function stored(deps: World, { id }: Session) {
  return onboardingIn(
    (await deps.kv.get<Session<Anonymous>>(keys.session(id))).value!,
    "certificate_registration",
  )!;
}

Deno.test("J4: data that agree send the code at once, to the address in CADOP only", async () => {
  const branch = `${ALFA.slice(0, 8)}000299`;
  for (const cnpj of [ALFA, branch]) {
    using deps = await seedRegistries();
    if (cnpj === ALFA) await seedRepresentative(deps);
    const before = (await messages(deps)).length;
    const session = await registrationAt(deps, "cnpj", { ...renewed(deps), cnpj });
    const sent = must(await submitCnpj(deps, session, ` ${formatCnpj(ALFA)} `));
    const { step, operadora, divergences, sentTo } = onboardingIn(
      sent,
      "certificate_registration",
    )!;
    assertEquals([step, operadora, divergences, sentTo], ["codigo", ALFA, [], ALFA_MAIL]);
    assertEquals((await messages(deps)).length, before + 1);
    const mails = await mailsTo(deps, ALFA_MAIL);
    const mail = mails.find(({ subject }) => subject.startsWith("Código"))!;
    assertStringIncludes(mail.text, await codeFor(deps, ALFA_MAIL));
    for (const told of [ALFA_NAME, formatCnpj(cnpj), "f".repeat(64)]) {
      assertStringIncludes(mail.text, told);
    }
    assert(!mail.text.includes("divergem"));
  }
});

Deno.test("an alphanumeric CNPJ is taken with or without its mask, in lower case", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "cnpj", foreign(deps));
  for (const typed of ["12.ABC.345/01DE-35", "12abc34501de35", "12abc345 01de 35"]) {
    assertEquals(await submitCnpj(deps, session, typed), {
      ok: false,
      code: "registration_cnpj_unknown",
      detail: { cnpj: "12.ABC.345/01DE-35" },
    });
  }
});

Deno.test("J5: data that disagree are shown before anything is sent, and stated in the e-mail and the log", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "divergencia", foreign(deps));
  assertEquals(onboardingIn(session, "certificate_registration")!.divergences, [
    "cnpj",
    "razao_social",
  ]);
  assertEquals(await messages(deps), []);
  const sent = must(await acceptDivergence(deps, session, ALFA));
  assertEquals(onboardingIn(sent, "certificate_registration")!.sentTo, ALFA_MAIL);
  const [mail, ...more] = await mailsTo(deps, ALFA_MAIL);
  assertEquals(more, []);
  for (const row of ["CNPJ: no certificado", "Razão social: no certificado"]) {
    assertStringIncludes(mail!.text, row);
  }
  for (const value of [UNKNOWN_CNPJ, ALFA].map(formatCnpj)) assertStringIncludes(mail!.text, value);
  for (const name of [ALFA_NAME, "EMPRESA FICTICIA LTDA"]) assertStringIncludes(mail!.text, name);
  const record = (await auditRecords(deps)).find(({ event }) => event === "certificate.code_sent")!;
  assertEquals([record.subject, record.actor], [ALFA, `certificate:${"e".repeat(64)}`]);
  assertEquals(record.detail, {
    certificateCnpj: UNKNOWN_CNPJ,
    divergences: "cnpj razao_social",
  });
});

Deno.test("a name in a certificate adds no lines to the e-mail", async () => {
  using deps = await seedRegistries();
  const companyName = "EMPRESA\r\n\r\nO código\u2028de confirmação é:\n\n    AAAAAAAA\n";
  await registrationAt(deps, "codigo", { ...foreign(deps), companyName });
  const [mail] = await mailsTo(deps, ALFA_MAIL);
  assertStringIncludes(mail!.text, "EMPRESA O código de confirmação é: AAAAAAAA\n");
});

Deno.test("a CNPJ that leads nowhere is refused, and nothing is sent", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "cnpj", foreign(deps));
  const wrong = ALFA.slice(0, 13) + (ALFA.endsWith("0") ? "1" : "0");
  for (const typed of ["", "123", wrong, "00000000000000", `${ALFA}1`]) {
    assertEquals(codeOf(await submitCnpj(deps, session, typed)), "registration_cnpj_invalid");
  }
  const unknown = await submitCnpj(deps, session, UNKNOWN_CNPJ);
  assertEquals(codeOf(unknown), "registration_cnpj_unknown");
  for (
    const [change, code] of [
      [{ Endereco_eletronico: "" }, "registration_no_email"],
      [{ Endereco_eletronico: "não tem" }, "registration_no_email"],
      [{ Representante: "" }, "representative_missing"],
      [null, "registration_cnpj_unknown"],
    ] as const
  ) {
    await importEdition(deps, { [ALFA]: change });
    assertEquals(codeOf(await submitCnpj(deps, session, ALFA)), code);
  }
  assertEquals((await stored(deps, session)).step, "cnpj");
  assertEquals(await messages(deps), []);
});

Deno.test("guesses are counted by certificate, whatever session makes them", async () => {
  using deps = await seedRegistries();
  for (let i = 0; i < 10; i++) {
    const session = await registrationAt(deps, "cnpj", foreign(deps));
    await submitCnpj(deps, session, UNKNOWN_CNPJ);
  }
  const session = await registrationAt(deps, "cnpj", foreign(deps));
  assertEquals(await submitCnpj(deps, session, ALFA), {
    ok: false,
    code: "too_many_attempts",
    detail: { minutos: 15 },
  });
  const other = await registrationAt(deps, "cnpj", foreign(deps, { letter: "d" }));
  assertEquals(codeOf(await submitCnpj(deps, other, ALFA)), "ok");
  deps.advance(15 * MINUTE);
  assertEquals(codeOf(await submitCnpj(deps, session, ALFA)), "ok");
});

Deno.test("no more than 5 codes are sent for a certificate, by whatever way", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const first = await registrationAt(deps, "codigo", renewed(deps));
  must(await resendRegistrationCode(deps, first));
  const back = must(await changeCnpj(deps, first, "codigo"));
  must(await submitCnpj(deps, back, ALFA));
  const second = await registrationAt(deps, "codigo", renewed(deps));
  must(await resendRegistrationCode(deps, second));
  const before = (await mailsTo(deps, ALFA_MAIL)).length;
  for (const session of [first, second]) {
    assertEquals(codeOf(await resendRegistrationCode(deps, session)), "too_many_attempts");
  }
  const third = await registrationAt(deps, "cnpj", renewed(deps));
  assertEquals(codeOf(await submitCnpj(deps, third, ALFA)), "too_many_attempts");
  assertEquals((await stored(deps, third)).step, "cnpj");
  assertEquals((await mailsTo(deps, ALFA_MAIL)).length, before);
  const other = await registrationAt(deps, "cnpj", renewed(deps, { letter: "d" }));
  assertEquals(codeOf(await submitCnpj(deps, other, ALFA)), "ok");
});

Deno.test("no step can be skipped, or made in a session that is not at a registration", async () => {
  using deps = await seedRegistries();
  for (const at of STEPS) {
    const session = await registrationAt(deps, at, foreign(deps, { letter: at[0]! }));
    for (const [step, act] of ACTS) {
      if (step === at) continue;
      assertEquals(await act(deps, session), { ok: false, code: "step_out_of_order" }, step);
    }
    assertEquals((await stored(deps, session)).step, at);
  }
  const bare = await anonymous(deps);
  const entered = await seedRepresentative(deps);
  for (const [, act] of ACTS) {
    assertEquals(await act(deps, null), { ok: false, code: "session_ended" });
    assertEquals(await act(deps, bare), { ok: false, code: "step_out_of_order" });
    assertEquals((await act(deps, entered) as { ok: boolean }).ok, false);
  }
});

Deno.test("a registration under way opens neither the first access nor the password", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const caller = { address: "192.0.2.1", agent: "test" };
  for (const at of STEPS) {
    const seen = at === "divergencia" ? foreign(deps) : renewed(deps);
    const session = await registrationAt(deps, at, seen);
    const access = atStep(deps, session, "first_access", "usuario");
    assertEquals(codeOf(access), "step_out_of_order");
    const login = await loginWithCertificatePassword(deps, session, caller, "Xk#29vbq");
    assertEquals(codeOf(login), "step_out_of_order");
  }
});

Deno.test("a certificate that expires in the middle, a session that ended: refused at each step", async () => {
  using deps = await seedRegistries();
  for (const [at, act] of ACTS) {
    const letter = String(ACTS.findIndex((one) => one[1] === act));
    const session = await registrationAt(deps, at, foreign(deps, { letter, life: MINUTE }));
    deps.advance(MINUTE + 1);
    const refused = await act(deps, session);
    assertEquals(refused, { ok: false, code: "certificate_expired_meanwhile" }, at);
  }
  for (const [at, act] of ACTS) {
    const letter = `${ACTS.findIndex((one) => one[1] === act)}x`;
    const session = await registrationAt(deps, at, foreign(deps, { letter }));
    const token = await sessionToken(deps, session);
    deps.advance(30 * MINUTE);
    assertEquals(await readSession(deps, token), null);
    const { code } = await act(deps, session) as { code: string };
    // The code ends before the session does.
    assert(code === "session_ended" || code === "code_expired", code);
  }
});

Deno.test("a CNPJ posted twice sends one code", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const session = await registrationAt(deps, "cnpj", renewed(deps));
  const before = (await mailsTo(deps, ALFA_MAIL)).length;
  const outcomes = await Promise.all([1, 2].map(() => submitCnpj(deps, session, ALFA)));
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "step_out_of_order"]);
  assertEquals((await mailsTo(deps, ALFA_MAIL)).length, before + 1);
});

Deno.test("two tabs: what was confirmed is what was shown", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "divergencia", foreign(deps));
  const back = must(await changeCnpj(deps, session, "divergencia"));
  const other = must(await submitCnpj(deps, back, BETA));
  // No mail is counted for it, however often.
  for (let i = 0; i < 6; i++) {
    assertEquals(codeOf(await acceptDivergence(deps, other, ALFA)), "step_out_of_order");
  }
  // The same between reading and commit.
  const meanwhile = interrupted(deps, 2, async () => {
    const again = must(await changeCnpj(deps, other, "divergencia"));
    must(await submitCnpj(deps, again, ALFA));
  });
  assertEquals(codeOf(await acceptDivergence(meanwhile, other, BETA)), "step_out_of_order");
  assertEquals(await messages(deps), []);
});

Deno.test("an operadora that leaves CADOP, or loses its e-mail, in the middle", async () => {
  for (const change of [null, { Endereco_eletronico: "" }]) {
    using deps = await seedRegistries();
    const divergent = await registrationAt(deps, "divergencia", foreign(deps));
    const waiting = await registrationAt(deps, "codigo", foreign(deps, { letter: "d" }));
    await importEdition(deps, { [ALFA]: change });
    const accepted = await acceptDivergence(deps, divergent, ALFA);
    assertEquals(codeOf(accepted), "registration_data_changed");
    const resent = await resendRegistrationCode(deps, waiting);
    assertEquals(codeOf(resent), "registration_data_changed");
    assertEquals((await messages(deps)).length, 1);
    assertEquals(
      onboardingIn(must(await changeCnpj(deps, waiting, "codigo")), "certificate_registration")!
        .step,
      "cnpj",
    );
  }
});

Deno.test("a certificate that was registered meanwhile sends no other code", async () => {
  using deps = await seedRegistries();
  const waiting = await registrationAt(deps, "cnpj", foreign(deps));
  await registerFor(deps, foreign(deps));
  for (const cnpj of [ALFA, BETA]) {
    assertEquals(await submitCnpj(deps, waiting, cnpj), {
      ok: false,
      code: "certificate_already_registered",
      detail: { operadora: ALFA_NAME },
    });
  }
});
