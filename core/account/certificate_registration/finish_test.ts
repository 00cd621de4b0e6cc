import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { verifyStream } from "../../audit/chain.ts";
import type { Cells } from "../../registry/cadop_testing.ts";
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
  enterRepresentative,
  importEdition,
  interrupted,
  ivo,
  mailsTo,
  MINUTE,
  must,
  nair,
  PASSWORD,
  representativeAt,
  representativeOf,
  rosa,
  showCertificate,
  UNKNOWN_CNPJ,
  world,
} from "../../testing_world.ts";
import { CODE_LIFE } from "../code.ts";
import { finishFirstAccess } from "../finish_first_access.ts";
import { loginWithCertificatePassword } from "../login.ts";
import { readSession, sessionToken } from "../session.ts";
import { finishRegistration } from "./finish.ts";
import { resendRegistrationCode } from "./steps.ts";
import { foreign, registerFor, registrationAt, renewed } from "./testing.ts";

type World = Awaited<ReturnType<typeof world>>;

const CALLER = { address: "192.0.2.1", agent: "test" };

/** Is the session there still? */
async function lives(portal: World, session: Session): Promise<boolean> {
  return await readSession(portal, await sessionToken(portal, session)) !== null;
}

async function registeredFor(portal: World, letter: string): Promise<unknown> {
  return (await portal.kv.get(keys.operadoraOfCertificate(letter.repeat(64)))).value;
}

async function passwordOf(portal: World, entry: Awaited<ReturnType<typeof showCertificate>>) {
  return await loginWithCertificatePassword(portal, entry.session, CALLER, PASSWORD);
}

/** A code that is not the right one. */
const wrong = (code: string) => (code.startsWith("A") ? "B" : "A") + code.slice(1);

Deno.test("J4: the code registers the certificate, and J1 follows", async () => {
  using portal = await world();
  const seen = { ...foreign(portal), companyName: "ALFABETA PLANOS LTDA", responsible: null };
  const session = await registrationAt(portal, "codigo", seen);
  const code = await codeFor(portal, ALFA_MAIL);
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
  const entry = must(await finishRegistration(portal, session, typed));
  assertEquals(entry.next, "first_access");
  assertNotEquals(entry.session.id, session.id);
  assertEquals(await lives(portal, session), false);
  assertEquals(entry.session.state.registration, null);
  assertEquals(entry.session.state.certificate?.operadora, ALFA);
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: "e" });
  assertEquals(await registeredFor(portal, "e"), ALFA);
  // The certificate opens the door from now on; no representative has powers before J1 is done.
  assertEquals((await showCertificate(portal, seen)).next, "first_access");
  const entered = await enterRepresentative(portal, rosa, seen);
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
});

Deno.test("J5: the certificate of another company opens the operadora, now and later", async () => {
  using portal = await world();
  const seen = foreign(portal, { responsible: rosa });
  assertEquals((await registerFor(portal, seen)).next, "first_access");
  const entered = await enterRepresentative(portal, rosa, seen);
  const caller = (await loadCaller(portal, entered))!;
  assertEquals([caller.operadora?.cnpj, caller.isRepresentative], [ALFA, true]);
  assertEquals(entered.state.certificate?.cnpj, UNKNOWN_CNPJ);

  const entry = await showCertificate(portal, seen);
  assertEquals(entry.next, "password");
  const again = must(await passwordOf(portal, entry));
  assertEquals((await loadCaller(portal, again))?.isRepresentative, true);
  const login = (await auditRecords(portal)).find(({ event }) => event === "login.certificate");
  assertEquals(login?.subject, ALFA);
  const record = (await auditRecords(portal)).find(({ event }) =>
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
  assertEquals((await verifyStream(portal.kv, ALFA)).brokenAt, null);
});

Deno.test("a registration comes before the CNPJ in the certificate, until it ends", async () => {
  using portal = await world();
  await importEdition(portal, { [BETA]: null });
  const seen = certificate(portal, BETA, { responsible: null });
  await registerFor(portal, seen);
  await importEdition(portal);
  const entry = await showCertificate(portal, seen);
  assertEquals(entry.session.state.certificate?.operadora, ALFA);
  assertEquals(entry.session.state.firstAccess?.name, rosa.name.toUpperCase());
  assertEquals(await representativeOf(portal, BETA), { cpf: null, certificate: null });
  // Another one is registered for ALFA: then it is its own company's again, and no longer ALFA's.
  await registerFor(portal, renewed(portal));
  assertEquals(await registeredFor(portal, "b"), null);
  const own = await showCertificate(portal, seen);
  assertEquals(own.session.state.certificate?.operadora, BETA);
  assertEquals(own.session.state.firstAccess?.name, ivo.name.toUpperCase());
});

Deno.test("a renewed certificate takes the place of the old one, whose sessions end", async () => {
  using portal = await world();
  const old = await enterRepresentative(portal);
  const waiting = (await showCertificate(portal, certificate(portal, ALFA))).session;
  const elsewhere = await enterRepresentative(portal, ivo, certificate(portal, BETA));
  const entry = await registerFor(portal, renewed(portal));
  assertEquals(entry.next, "password");
  assertEquals(await representativeOf(portal, ALFA), { cpf: rosa.cpf, certificate: "f" });
  assertEquals([await registeredFor(portal, "a"), await registeredFor(portal, "f")], [null, ALFA]);
  assertEquals(await lives(portal, old), false);
  assertEquals(await lives(portal, waiting), false);
  assertEquals(await lives(portal, elsewhere), true);
  assertEquals((await loadCaller(portal, old))?.isRepresentative, false);
  const entered = must(await passwordOf(portal, entry));
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
  // The old one would have to be registered again.
  assertEquals((await showCertificate(portal, certificate(portal, ALFA))).next, "registration");
  for (const to of [ALFA_MAIL, rosa.email]) {
    const mails = (await mailsTo(portal, to)).filter(({ subject }) =>
      subject === "Novo certificado registrado para a operadora"
    );
    assertEquals(mails.length, 1, to);
    assertStringIncludes(mails[0]!.text, "f".repeat(64));
    assertStringIncludes(mails[0]!.text, "deixou de valer");
  }
});

Deno.test("an expired registration is renewed in the same way", async () => {
  using portal = await world();
  await enterRepresentative(portal, rosa, certificate(portal, ALFA, { life: MINUTE }));
  portal.advance(2 * MINUTE);
  const entry = await registerFor(portal, renewed(portal));
  assertEquals(entry.next, "password");
  assertEquals(codeOf(await passwordOf(portal, entry)), "ok");
});

Deno.test("J16: with another certificate the new representative registers it, then starts at J1", async () => {
  using portal = await world();
  const old = await enterRepresentative(portal);
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  const seen = renewed(portal, { responsible: nair });
  assertEquals((await registerFor(portal, seen)).next, "first_access");
  assertEquals(await lives(portal, old), false);
  const told = (await mailsTo(portal, rosa.email)).map(({ subject }) => subject);
  assert(told.includes("Novo certificado registrado para a operadora"));
  const entered = await enterRepresentative(portal, nair, seen);
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
  assertEquals(await representativeOf(portal, ALFA), { cpf: nair.cpf, certificate: "f" });
});

Deno.test("five wrong codes end the code; only another one helps", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "codigo", foreign(portal));
  const code = await codeFor(portal, ALFA_MAIL);
  const outcomes = [];
  for (const typed of ["", wrong(code), `${code}A`, wrong(code), wrong(code), code]) {
    outcomes.push(codeOf(await finishRegistration(portal, session, typed)));
  }
  const exhausted = ["code_exhausted", "code_exhausted"];
  assertEquals(outcomes, [...Array(4).fill("code_wrong"), ...exhausted]);
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
  const refused = (await auditRecords(portal)).filter(({ event }) =>
    event === "certificate.code_refused"
  );
  assertEquals(refused.map(({ detail }) => detail.reason), [
    ...Array(4).fill("code_wrong"),
    ...exhausted,
  ]);
  assert(!JSON.stringify(refused).includes(wrong(code)));

  portal.advance(1);
  must(await resendRegistrationCode(portal, session));
  assertEquals(codeOf(await finishRegistration(portal, session, code)), "code_wrong");
  const next = await codeFor(portal, ALFA_MAIL);
  assertEquals(codeOf(await finishRegistration(portal, session, next)), "ok");
});

Deno.test("a code is good in the session that asked for it, with the certificate it showed", async () => {
  using portal = await world();
  const first = await registrationAt(portal, "codigo", foreign(portal));
  const code = await codeFor(portal, ALFA_MAIL);
  portal.advance(1);
  const another = foreign(portal, { letter: "d" });
  for (const seen of [foreign(portal), another]) {
    const second = await registrationAt(portal, "codigo", seen);
    assertEquals(codeOf(await finishRegistration(portal, second, code)), "code_wrong");
  }
  assertEquals(codeOf(await finishRegistration(portal, first, code)), "ok");
});

Deno.test("a code ends after 10 minutes, and with the certificate", async () => {
  using portal = await world();
  for (
    const [life, code] of [
      [CODE_LIFE * 2, "code_expired"],
      [CODE_LIFE / 2, "certificate_expired_meanwhile"],
    ] as const
  ) {
    const seen = foreign(portal, { life, letter: code[1]! });
    const session = await registrationAt(portal, "codigo", seen);
    const typed = await codeFor(portal, ALFA_MAIL);
    portal.advance(CODE_LIFE);
    assertEquals(codeOf(await finishRegistration(portal, session, typed)), code);
  }
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a code counts for the address CADOP has, also when an edition comes at the last moment", async () => {
  const changes = [
    { [ALFA]: { Endereco_eletronico: "novo@ficticia.example" } },
    { [ALFA]: { Endereco_eletronico: "" } },
    { [ALFA]: { Representante: "" } },
    { [ALFA]: null },
  ] as Record<string, Cells | null>[];
  for (const change of changes) {
    using portal = await world();
    const session = await registrationAt(portal, "codigo", foreign(portal));
    const code = await codeFor(portal, ALFA_MAIL);
    const meanwhile = interrupted(portal, 2, () => importEdition(portal, change));
    const refused = await finishRegistration(meanwhile, session, code);
    assertEquals(codeOf(refused), "registration_data_changed");
    assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
  }
});

Deno.test("a form posted twice registers once", async () => {
  using portal = await world();
  const session = await registrationAt(portal, "codigo", foreign(portal));
  const code = await codeFor(portal, ALFA_MAIL);
  const outcomes = await Promise.all(
    [1, 2].map(() => finishRegistration(portal, session, code)),
  );
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1, outcomes.map(codeOf).join(" "));
  assertEquals(codeOf(await finishRegistration(portal, session, code)), "code_expired");
  const mails = (await mailsTo(portal, ALFA_MAIL)).filter(({ subject }) =>
    subject.startsWith("Novo certificado")
  );
  assertEquals(mails.length, 1);
});

Deno.test("two certificates are registered at once: one is active, the other's session ends", async () => {
  using portal = await world();
  const ready = [];
  for (const letter of ["d", "e"]) {
    const session = await registrationAt(portal, "codigo", foreign(portal, { letter }));
    ready.push({ letter, session, code: await codeFor(portal, ALFA_MAIL) });
    portal.advance(1);
  }
  const entries = await Promise.all(
    ready.map(async ({ session, code }) => must(await finishRegistration(portal, session, code))),
  );
  const { certificate: active } = await representativeOf(portal, ALFA);
  for (const [i, { letter }] of ready.entries()) {
    assertEquals(await registeredFor(portal, letter), letter === active ? ALFA : null);
    assertEquals(await lives(portal, entries[i]!.session), letter === active);
  }
});

Deno.test("a certificate that is registered in the middle of another's first access ends that", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  await registerFor(portal, foreign(portal));
  const code = await codeFor(portal, rosa.email);
  assertEquals(await finishFirstAccess(portal, session, code), {
    ok: false,
    code: "certificate_not_registered",
    detail: { operadora: "ALFABETA PLANOS LTDA" },
  });
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: "e" });
  assertEquals((await portal.kv.get(keys.person(rosa.cpf))).value, null);
});

Deno.test("another certificate is registered in the middle of the first access after a registration", async () => {
  using portal = await world();
  const seen = foreign(portal);
  await registerFor(portal, seen);
  const session = await representativeAt(portal, "confirmar", rosa, seen);
  const code = await codeFor(portal, rosa.email);
  const meanwhile = interrupted(portal, 2, () => registerFor(portal, renewed(portal)));
  const refused = await finishFirstAccess(meanwhile, session, code);
  assertEquals(codeOf(refused), "session_ended");
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: "f" });
});
