import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { verifyStream } from "../../audit/chain.ts";
import type { Cells } from "@/tools/sample/registry_csv.ts";
import { keys } from "../../store/keys.ts";
import type { Session } from "../../store/records/session.ts";
import {
  ALFA,
  ALFA_MAIL,
  auditRecords,
  BETA,
  certificate,
  codeFor,
  codeOf,
  foreign,
  importEdition,
  interrupted,
  ivo,
  mailsTo,
  MINUTE,
  must,
  nair,
  onboardingIn,
  PASSWORD,
  registerFor,
  registrationAt,
  renewed,
  representativeAt,
  representativeOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  showCertificate,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";
import { CODE_LIFE } from "../../account/code.ts";
import { finishFirstAccess } from "../first_access/finish.ts";
import { loginWithCertificatePassword } from "../../signin/password.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { finishRegistration } from "./finish.ts";
import { resendRegistrationCode } from "./steps.ts";
import { accountForCpf } from "../../account/account.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const CALLER = { address: "192.0.2.1", agent: "test" };

/** Is the session there still? */
async function lives(deps: World, session: Session): Promise<boolean> {
  return await readSession(deps, await sessionToken(deps, session)) !== null;
}

async function registeredFor(deps: World, letter: string): Promise<unknown> {
  return (await deps.kv.get(keys.operadoraOfCertificate(letter.repeat(64)))).value;
}

async function passwordOf(deps: World, entry: Awaited<ReturnType<typeof showCertificate>>) {
  return await loginWithCertificatePassword(deps, entry.session, CALLER, PASSWORD);
}

/** A code that is not the right one. */
const wrong = (code: string) => (code.startsWith("A") ? "B" : "A") + code.slice(1);

Deno.test("J4: the code registers the certificate, and J1 follows", async () => {
  using deps = await seedRegistries();
  const seen = { ...foreign(deps), companyName: "ALFABETA PLANOS LTDA", responsible: null };
  const session = await registrationAt(deps, "codigo", seen);
  const code = await codeFor(deps, ALFA_MAIL);
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
  const entry = must(await finishRegistration(deps, session, typed));
  assertEquals(entry.next, "first_access");
  assertNotEquals(entry.session.id, session.id);
  assertEquals(await lives(deps, session), false);
  assertEquals(onboardingIn(entry.session, "certificate_registration"), null);
  assertEquals(entry.session.state.certificate?.operadora, ALFA);
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: "e" });
  assertEquals(await registeredFor(deps, "e"), ALFA);
  // The certificate opens the door from now on; no representative has powers before J1 is done.
  assertEquals((await showCertificate(deps, seen)).next, "first_access");
  const entered = await seedRepresentative(deps, rosa, seen);
  assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
});

Deno.test("J5: the certificate of another company opens the operadora, now and later", async () => {
  using deps = await seedRegistries();
  const seen = foreign(deps, { responsible: rosa });
  assertEquals((await registerFor(deps, seen)).next, "first_access");
  const entered = await seedRepresentative(deps, rosa, seen);
  const caller = (await loadCaller(deps, entered))!;
  assertEquals([caller.operadora?.cnpj, caller.isRepresentative], [ALFA, true]);
  assertEquals(entered.state.certificate?.cnpj, UNKNOWN_CNPJ);

  const entry = await showCertificate(deps, seen);
  assertEquals(entry.next, "password");
  const again = must(await passwordOf(deps, entry));
  assertEquals((await loadCaller(deps, again))?.isRepresentative, true);
  const login = (await auditRecords(deps)).find(({ event }) => event === "login.certificate");
  assertEquals(login?.subject, ALFA);
  const record = (await auditRecords(deps)).find(({ event }) =>
    event === "certificate.registered"
  )!;
  assertEquals(record.detail, {
    certificate: "e".repeat(64),
    certificateCnpj: UNKNOWN_CNPJ,
    certificateCompany: "EMPRESA FICTICIA LTDA",
    operadoraCompany: "ALFABETA PLANOS LTDA",
    divergences: "cnpj razao_social",
    replaced: null,
  });
  assertEquals((await verifyStream(deps.kv, ALFA)).brokenAt, null);
});

Deno.test("a registration comes before the CNPJ in the certificate, until it ends", async () => {
  using deps = await seedRegistries();
  await importEdition(deps, { [BETA]: null });
  const seen = certificate(deps, BETA, { responsible: null });
  await registerFor(deps, seen);
  await importEdition(deps);
  const entry = await showCertificate(deps, seen);
  assertEquals(entry.session.state.certificate?.operadora, ALFA);
  assertEquals(onboardingIn(entry.session, "first_access")?.name, rosa.name.toUpperCase());
  assertEquals(await representativeOf(deps, BETA), { cpf: null, certificate: null });
  // Another one is registered for ALFA: then it is its own company's again, and no longer ALFA's.
  await registerFor(deps, renewed(deps));
  assertEquals(await registeredFor(deps, "b"), null);
  const own = await showCertificate(deps, seen);
  assertEquals(own.session.state.certificate?.operadora, BETA);
  assertEquals(onboardingIn(own.session, "first_access")?.name, ivo.name.toUpperCase());
});

Deno.test("a renewed certificate takes the place of the old one, whose sessions end", async () => {
  using deps = await seedRegistries();
  const old = await seedRepresentative(deps);
  const waiting = (await showCertificate(deps, certificate(deps, ALFA))).session;
  const elsewhere = await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const entry = await registerFor(deps, renewed(deps));
  assertEquals(entry.next, "password");
  assertEquals(await representativeOf(deps, ALFA), { cpf: rosa.cpf, certificate: "f" });
  assertEquals([await registeredFor(deps, "a"), await registeredFor(deps, "f")], [null, ALFA]);
  assertEquals(await lives(deps, old), false);
  assertEquals(await lives(deps, waiting), false);
  assertEquals(await lives(deps, elsewhere), true);
  assertEquals((await loadCaller(deps, old))?.isRepresentative, false);
  const entered = must(await passwordOf(deps, entry));
  assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
  // The old one would have to be registered again.
  assertEquals((await showCertificate(deps, certificate(deps, ALFA))).next, "registration");
  for (const to of [ALFA_MAIL, rosa.email]) {
    const mails = (await mailsTo(deps, to)).filter(({ subject }) =>
      subject === "Novo certificado registrado para a operadora"
    );
    assertEquals(mails.length, 1, to);
    assertStringIncludes(mails[0]!.text, "f".repeat(64));
    assertStringIncludes(mails[0]!.text, "deixou de valer");
  }
});

Deno.test("an expired registration is renewed in the same way", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps, rosa, certificate(deps, ALFA, { life: MINUTE }));
  deps.advance(2 * MINUTE);
  const entry = await registerFor(deps, renewed(deps));
  assertEquals(entry.next, "password");
  assertEquals(codeOf(await passwordOf(deps, entry)), "ok");
});

Deno.test("J16: with another certificate the new representative registers it, then starts at J1", async () => {
  using deps = await seedRegistries();
  const old = await seedRepresentative(deps);
  await importEdition(deps, { [ALFA]: { Representante: nair.name } });
  const seen = renewed(deps, { responsible: nair });
  assertEquals((await registerFor(deps, seen)).next, "first_access");
  assertEquals(await lives(deps, old), false);
  const told = (await mailsTo(deps, rosa.email)).map(({ subject }) => subject);
  assert(told.includes("Novo certificado registrado para a operadora"));
  const entered = await seedRepresentative(deps, nair, seen);
  assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
  assertEquals(await representativeOf(deps, ALFA), { cpf: nair.cpf, certificate: "f" });
});

Deno.test("five wrong codes end the code; only another one helps", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "codigo", foreign(deps));
  const code = await codeFor(deps, ALFA_MAIL);
  const outcomes = [];
  for (const typed of ["", wrong(code), `${code}A`, wrong(code), wrong(code), code]) {
    outcomes.push(codeOf(await finishRegistration(deps, session, typed)));
  }
  const exhausted = ["code_exhausted", "code_exhausted"];
  assertEquals(outcomes, [...Array(4).fill("code_wrong"), ...exhausted]);
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
  const refused = (await auditRecords(deps)).filter(({ event }) =>
    event === "certificate.code_refused"
  );
  assertEquals(refused.map(({ detail }) => detail.reason), [
    ...Array(4).fill("code_wrong"),
    ...exhausted,
  ]);
  assert(!JSON.stringify(refused).includes(wrong(code)));

  deps.advance(1);
  must(await resendRegistrationCode(deps, session));
  assertEquals(codeOf(await finishRegistration(deps, session, code)), "code_wrong");
  const next = await codeFor(deps, ALFA_MAIL);
  assertEquals(codeOf(await finishRegistration(deps, session, next)), "ok");
});

Deno.test("a code is good in the session that asked for it, with the certificate it showed", async () => {
  using deps = await seedRegistries();
  const first = await registrationAt(deps, "codigo", foreign(deps));
  const code = await codeFor(deps, ALFA_MAIL);
  deps.advance(1);
  const another = foreign(deps, { letter: "d" });
  for (const seen of [foreign(deps), another]) {
    const second = await registrationAt(deps, "codigo", seen);
    assertEquals(codeOf(await finishRegistration(deps, second, code)), "code_wrong");
  }
  assertEquals(codeOf(await finishRegistration(deps, first, code)), "ok");
});

Deno.test("a code ends after 10 minutes, and with the certificate", async () => {
  using deps = await seedRegistries();
  for (
    const [life, code] of [
      [CODE_LIFE * 2, "code_expired"],
      [CODE_LIFE / 2, "certificate_expired_meanwhile"],
    ] as const
  ) {
    const seen = foreign(deps, { life, letter: code[1]! });
    const session = await registrationAt(deps, "codigo", seen);
    const typed = await codeFor(deps, ALFA_MAIL);
    deps.advance(CODE_LIFE);
    assertEquals(codeOf(await finishRegistration(deps, session, typed)), code);
  }
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("a code counts for the address CADOP has, also when an edition comes at the last moment", async () => {
  const changes = [
    { [ALFA]: { Endereco_eletronico: "novo@ficticia.example" } },
    { [ALFA]: { Endereco_eletronico: "" } },
    { [ALFA]: { Representante: "" } },
    { [ALFA]: null },
  ] as Record<string, Cells | null>[];
  for (const change of changes) {
    using deps = await seedRegistries();
    const session = await registrationAt(deps, "codigo", foreign(deps));
    const code = await codeFor(deps, ALFA_MAIL);
    const meanwhile = interrupted(deps, 2, () => importEdition(deps, change));
    const refused = await finishRegistration(meanwhile, session, code);
    assertEquals(codeOf(refused), "registration_data_changed");
    assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
  }
});

Deno.test("a form posted twice registers once", async () => {
  using deps = await seedRegistries();
  const session = await registrationAt(deps, "codigo", foreign(deps));
  const code = await codeFor(deps, ALFA_MAIL);
  const outcomes = await Promise.all(
    [1, 2].map(() => finishRegistration(deps, session, code)),
  );
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1, outcomes.map(codeOf).join(" "));
  assertEquals(codeOf(await finishRegistration(deps, session, code)), "code_expired");
  const mails = (await mailsTo(deps, ALFA_MAIL)).filter(({ subject }) =>
    subject.startsWith("Novo certificado")
  );
  assertEquals(mails.length, 1);
});

Deno.test("two certificates are registered at once: one is active, the other's session ends", async () => {
  using deps = await seedRegistries();
  const ready = [];
  for (const letter of ["d", "e"]) {
    const session = await registrationAt(deps, "codigo", foreign(deps, { letter }));
    ready.push({ letter, session, code: await codeFor(deps, ALFA_MAIL) });
    deps.advance(1);
  }
  const entries = await Promise.all(
    ready.map(async ({ session, code }) => must(await finishRegistration(deps, session, code))),
  );
  const { certificate: active } = await representativeOf(deps, ALFA);
  for (const [i, { letter }] of ready.entries()) {
    assertEquals(await registeredFor(deps, letter), letter === active ? ALFA : null);
    assertEquals(await lives(deps, entries[i]!.session), letter === active);
  }
});

Deno.test("a certificate that is registered in the middle of another's first access ends that", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  await registerFor(deps, foreign(deps));
  const code = await codeFor(deps, rosa.email);
  assertEquals(await finishFirstAccess(deps, session, code), {
    ok: false,
    code: "certificate_not_registered",
    detail: { operadora: "ALFABETA PLANOS LTDA" },
  });
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: "e" });
  assertEquals(await accountForCpf(deps, rosa.cpf), null);
});

Deno.test("another certificate is registered in the middle of the first access after a registration", async () => {
  using deps = await seedRegistries();
  const seen = foreign(deps);
  await registerFor(deps, seen);
  const session = await representativeAt(deps, "confirmar", rosa, seen);
  const code = await codeFor(deps, rosa.email);
  const meanwhile = interrupted(deps, 2, () => registerFor(deps, renewed(deps)));
  const refused = await finishFirstAccess(meanwhile, session, code);
  assertEquals(codeOf(refused), "session_ended");
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: "f" });
});
