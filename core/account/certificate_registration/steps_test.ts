import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatCnpj } from "../../registry/numbers.ts";
import { keys } from "../../store/keys.ts";
import type { RegistrationStep, Session, Visiting } from "../../store/records/session.ts";
import {
  ALFA,
  ALFA_MAIL,
  auditRecords,
  BETA,
  codeFor,
  codeOf,
  enterRepresentative,
  importEdition,
  interrupted,
  mailsTo,
  messages,
  MINUTE,
  must,
  UNKNOWN_CNPJ,
  visit,
  world,
} from "../../testing_world.ts";
import { firstAccessOf } from "../first_access.ts";
import { loginWithCertificatePassword } from "../login.ts";
import { readSession, sessionToken } from "../session.ts";
import { finishRegistration } from "./finish.ts";
import { acceptDivergence, changeCnpj, resendRegistrationCode, submitCnpj } from "./steps.ts";
import { ALFA_NAME, foreign, registerFor, registrationAt, renewed } from "./testing.ts";

type World = Awaited<ReturnType<typeof world>>;

/** Every action, by the step it belongs to; each must refuse a session that is at another one. */
const ACTS: [RegistrationStep, (portal: World, session: Session | null) => Promise<unknown>][] = [
  ["cnpj", (portal, session) => submitCnpj(portal, session, ALFA)],
  ["divergencia", (portal, session) => acceptDivergence(portal, session, ALFA)],
  ["divergencia", (portal, session) => changeCnpj(portal, session, "divergencia")],
  ["codigo", (portal, session) => finishRegistration(portal, session, "AAAAAAAA")],
  ["codigo", resendRegistrationCode],
  ["codigo", (portal, session) => changeCnpj(portal, session, "codigo")],
];

const STEPS = ["cnpj", "divergencia", "codigo"] as const;

/** What the store has of a session's registration. */
async function stored(portal: World, { id }: Session) {
  return (await portal.kv.get<Session<Visiting>>(keys.session(id))).value!.state.registration!;
}

Deno.test("J4: data that agree send the code at once, to the address in CADOP only", async () => {
  const branch = `${ALFA.slice(0, 8)}000299`;
  for (const cnpj of [ALFA, branch]) {
    using portal = await world();
    if (cnpj === ALFA) await enterRepresentative(portal);
    const before = (await messages(portal)).length;
    const session = await registrationAt(portal, "cnpj", { ...renewed(portal), cnpj });
    const sent = must(await submitCnpj(portal, session, ` ${formatCnpj(ALFA)} `));
    const { step, operadora, divergences, sentTo } = sent.state.registration!;
    assertEquals([step, operadora, divergences, sentTo], ["codigo", ALFA, [], ALFA_MAIL]);
    assertEquals((await messages(portal)).length, before + 1);
    const mails = await mailsTo(portal, ALFA_MAIL);
    const mail = mails.find(({ subject }) => subject.startsWith("Código"))!;
    assertStringIncludes(mail.text, await codeFor(portal, ALFA_MAIL));
    for (const told of [ALFA_NAME, formatCnpj(cnpj), "f".repeat(64)]) {
      assertStringIncludes(mail.text, told);
    }
    assert(!mail.text.includes("divergem"));
  }
});

Deno.test("an alphanumeric CNPJ is taken with or without its mask, in lower case", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "cnpj", foreign(portal));
  for (const typed of ["12.ABC.345/01DE-35", "12abc34501de35", "12abc345 01de 35"]) {
    assertEquals(await submitCnpj(portal, session, typed), {
      ok: false,
      code: "registration_cnpj_unknown",
      detail: { cnpj: "12.ABC.345/01DE-35" },
    });
  }
});

Deno.test("J5: data that disagree are shown before anything is sent, and stated in the e-mail and the log", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "divergencia", foreign(portal));
  assertEquals(session.state.registration!.divergences, ["cnpj", "razao_social"]);
  assertEquals(await messages(portal), []);
  const sent = must(await acceptDivergence(portal, session, ALFA));
  assertEquals(sent.state.registration!.sentTo, ALFA_MAIL);
  const [mail, ...more] = await mailsTo(portal, ALFA_MAIL);
  assertEquals(more, []);
  for (const row of ["CNPJ: no certificado", "Razão social: no certificado"]) {
    assertStringIncludes(mail!.text, row);
  }
  for (const value of [UNKNOWN_CNPJ, ALFA].map(formatCnpj)) assertStringIncludes(mail!.text, value);
  for (const name of [ALFA_NAME, "EMPRESA FICTICIA LTDA"]) assertStringIncludes(mail!.text, name);
  const record = (await auditRecords(portal)).find(({ event }) =>
    event === "certificate.code_sent"
  )!;
  assertEquals([record.subject, record.actor], [ALFA, `certificate:${"e".repeat(64)}`]);
  assertEquals(record.detail, {
    certificateCnpj: UNKNOWN_CNPJ,
    divergences: "cnpj razao_social",
  });
});

Deno.test("a name in a certificate adds no lines to the e-mail", async () => {
  using portal = await world();
  const companyName = "EMPRESA\r\n\r\nO código\u2028de confirmação é:\n\n    AAAAAAAA\n";
  await registrationAt(portal, "codigo", { ...foreign(portal), companyName });
  const [mail] = await mailsTo(portal, ALFA_MAIL);
  assertStringIncludes(mail!.text, "EMPRESA O código de confirmação é: AAAAAAAA\n");
});

Deno.test("a CNPJ that leads nowhere is refused, and nothing is sent", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "cnpj", foreign(portal));
  const wrong = ALFA.slice(0, 13) + (ALFA.endsWith("0") ? "1" : "0");
  for (const typed of ["", "123", wrong, "00000000000000", `${ALFA}1`]) {
    assertEquals(codeOf(await submitCnpj(portal, session, typed)), "registration_cnpj_invalid");
  }
  const unknown = await submitCnpj(portal, session, UNKNOWN_CNPJ);
  assertEquals(codeOf(unknown), "registration_cnpj_unknown");
  for (
    const [change, code] of [
      [{ Endereco_eletronico: "" }, "registration_no_email"],
      [{ Endereco_eletronico: "não tem" }, "registration_no_email"],
      [{ Representante: "" }, "representative_missing"],
      [null, "registration_cnpj_unknown"],
    ] as const
  ) {
    await importEdition(portal, { [ALFA]: change });
    assertEquals(codeOf(await submitCnpj(portal, session, ALFA)), code);
  }
  assertEquals((await stored(portal, session)).step, "cnpj");
  assertEquals(await messages(portal), []);
});

Deno.test("guesses are counted by certificate, whatever session makes them", async () => {
  using portal = await world();
  for (let i = 0; i < 10; i++) {
    const session = await registrationAt(portal, "cnpj", foreign(portal));
    await submitCnpj(portal, session, UNKNOWN_CNPJ);
  }
  const session = await registrationAt(portal, "cnpj", foreign(portal));
  assertEquals(await submitCnpj(portal, session, ALFA), {
    ok: false,
    code: "too_many_attempts",
    detail: { minutos: 15 },
  });
  const other = await registrationAt(portal, "cnpj", foreign(portal, { letter: "d" }));
  assertEquals(codeOf(await submitCnpj(portal, other, ALFA)), "ok");
  portal.advance(15 * MINUTE);
  assertEquals(codeOf(await submitCnpj(portal, session, ALFA)), "ok");
});

Deno.test("no more than 5 codes are sent for a certificate, by whatever way", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const first = await registrationAt(portal, "codigo", renewed(portal));
  must(await resendRegistrationCode(portal, first));
  const back = must(await changeCnpj(portal, first, "codigo"));
  must(await submitCnpj(portal, back, ALFA));
  const second = await registrationAt(portal, "codigo", renewed(portal));
  must(await resendRegistrationCode(portal, second));
  const before = (await mailsTo(portal, ALFA_MAIL)).length;
  for (const session of [first, second]) {
    assertEquals(codeOf(await resendRegistrationCode(portal, session)), "too_many_attempts");
  }
  const third = await registrationAt(portal, "cnpj", renewed(portal));
  assertEquals(codeOf(await submitCnpj(portal, third, ALFA)), "too_many_attempts");
  assertEquals((await stored(portal, third)).step, "cnpj");
  assertEquals((await mailsTo(portal, ALFA_MAIL)).length, before);
  const other = await registrationAt(portal, "cnpj", renewed(portal, { letter: "d" }));
  assertEquals(codeOf(await submitCnpj(portal, other, ALFA)), "ok");
});

Deno.test("no step can be skipped, or made in a session that is not at a registration", async () => {
  using portal = await world();
  for (const at of STEPS) {
    const session = await registrationAt(portal, at, foreign(portal, { letter: at[0]! }));
    for (const [step, act] of ACTS) {
      if (step === at) continue;
      assertEquals(await act(portal, session), { ok: false, code: "step_out_of_order" }, step);
    }
    assertEquals((await stored(portal, session)).step, at);
  }
  const bare = await visit(portal);
  const entered = await enterRepresentative(portal);
  for (const [, act] of ACTS) {
    assertEquals(await act(portal, null), { ok: false, code: "session_ended" });
    assertEquals(await act(portal, bare), { ok: false, code: "step_out_of_order" });
    assertEquals((await act(portal, entered) as { ok: boolean }).ok, false);
  }
});

Deno.test("a registration under way opens neither the first access nor the password", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const caller = { address: "192.0.2.1", agent: "test" };
  for (const at of STEPS) {
    const seen = at === "divergencia" ? foreign(portal) : renewed(portal);
    const session = await registrationAt(portal, at, seen);
    const access = firstAccessOf(portal, session, "usuario");
    assertEquals(codeOf(access), "step_out_of_order");
    const login = await loginWithCertificatePassword(portal, session, caller, "Xk#29vbq");
    assertEquals(codeOf(login), "step_out_of_order");
  }
});

Deno.test("a certificate that expires in the middle, a session that ended: refused at each step", async () => {
  using portal = await world();
  for (const [at, act] of ACTS) {
    const letter = String(ACTS.findIndex((one) => one[1] === act));
    const session = await registrationAt(portal, at, foreign(portal, { letter, life: MINUTE }));
    portal.advance(MINUTE + 1);
    const refused = await act(portal, session);
    assertEquals(refused, { ok: false, code: "certificate_expired_meanwhile" }, at);
  }
  for (const [at, act] of ACTS) {
    const letter = `${ACTS.findIndex((one) => one[1] === act)}x`;
    const session = await registrationAt(portal, at, foreign(portal, { letter }));
    const token = await sessionToken(portal, session);
    portal.advance(30 * MINUTE);
    assertEquals(await readSession(portal, token), null);
    const { code } = await act(portal, session) as { code: string };
    // The code ends before the session does.
    assert(code === "session_ended" || code === "code_expired", code);
  }
});

Deno.test("a CNPJ posted twice sends one code", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const session = await registrationAt(portal, "cnpj", renewed(portal));
  const before = (await mailsTo(portal, ALFA_MAIL)).length;
  const outcomes = await Promise.all([1, 2].map(() => submitCnpj(portal, session, ALFA)));
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "step_out_of_order"]);
  assertEquals((await mailsTo(portal, ALFA_MAIL)).length, before + 1);
});

Deno.test("two tabs: what was confirmed is what was shown", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "divergencia", foreign(portal));
  const back = must(await changeCnpj(portal, session, "divergencia"));
  const other = must(await submitCnpj(portal, back, BETA));
  // No mail is counted for it, however often.
  for (let i = 0; i < 6; i++) {
    assertEquals(codeOf(await acceptDivergence(portal, other, ALFA)), "step_out_of_order");
  }
  // The same between reading and commit.
  const meanwhile = interrupted(portal, 2, async () => {
    const again = must(await changeCnpj(portal, other, "divergencia"));
    must(await submitCnpj(portal, again, ALFA));
  });
  assertEquals(codeOf(await acceptDivergence(meanwhile, other, BETA)), "step_out_of_order");
  assertEquals(await messages(portal), []);
});

Deno.test("an operadora that leaves CADOP, or loses its e-mail, in the middle", async () => {
  for (const change of [null, { Endereco_eletronico: "" }]) {
    using portal = await world();
    const divergent = await registrationAt(portal, "divergencia", foreign(portal));
    const waiting = await registrationAt(portal, "codigo", foreign(portal, { letter: "d" }));
    await importEdition(portal, { [ALFA]: change });
    const accepted = await acceptDivergence(portal, divergent, ALFA);
    assertEquals(codeOf(accepted), "registration_data_changed");
    const resent = await resendRegistrationCode(portal, waiting);
    assertEquals(codeOf(resent), "registration_data_changed");
    assertEquals((await messages(portal)).length, 1);
    assertEquals(
      must(await changeCnpj(portal, waiting, "codigo")).state.registration!.step,
      "cnpj",
    );
  }
});

Deno.test("a certificate that was registered meanwhile sends no other code", async () => {
  using portal = await world();
  const waiting = await registrationAt(portal, "cnpj", foreign(portal));
  await registerFor(portal, foreign(portal));
  for (const cnpj of [ALFA, BETA]) {
    assertEquals(await submitCnpj(portal, waiting, cnpj), {
      ok: false,
      code: "certificate_already_registered",
      detail: { operadora: ALFA_NAME },
    });
  }
});
