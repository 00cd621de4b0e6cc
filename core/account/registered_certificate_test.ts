import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  certificate,
  codeFor,
  codeOf,
  enterRepresentative,
  importEdition,
  interrupted,
  ivo,
  must,
  representativeAt,
  representativeOf,
  rosa,
  showCertificate,
  UNKNOWN_CNPJ,
  world,
} from "../testing_world.ts";
import { finishRegistration } from "./certificate_registration/finish.ts";
import { acceptDivergence, submitCnpj } from "./certificate_registration/steps.ts";
import { foreign, registerFor, registrationAt } from "./certificate_registration/testing.ts";
import { finishFirstAccess } from "./finish_first_access.ts";
import { findDoor } from "./registered_certificate.ts";

const BETA_MAIL = "contato2@ficticia.example";

type World = Awaited<ReturnType<typeof world>>;

/** CNPJ of the operadora whose door the certificate opens. */
async function doorOf(portal: World, seen: ReturnType<typeof certificate>) {
  return (await findDoor(portal, seen)).operadora?.cnpj ?? null;
}

/** The same certificate waits for the code of BETA. */
async function waitingForBeta(portal: World, seen: ReturnType<typeof certificate>) {
  const session = await registrationAt(portal, "cnpj", seen);
  const found = must(await submitCnpj(portal, session, BETA));
  return must(await acceptDivergence(portal, found, BETA));
}

Deno.test("one certificate opens one operadora's door, also when two browsers finish at once", async () => {
  for (const together of [false, true]) {
    using portal = await world();
    const seen = foreign(portal);
    const forBeta = await waitingForBeta(portal, seen);
    const code = await codeFor(portal, BETA_MAIL);
    const race = together
      ? interrupted(portal, 2, () => registerFor(portal, seen))
      : (await registerFor(portal, seen), portal);
    assertEquals(await finishRegistration(race, forBeta, code), {
      ok: false,
      code: "certificate_registered_elsewhere",
      detail: { operadora: "ALFABETA PLANOS LTDA" },
    });
    assertEquals(await representativeOf(portal, BETA), { cpf: null, certificate: null });
    assertEquals(await doorOf(portal, seen), ALFA);
  }
});

Deno.test("an operadora that left CADOP releases its certificate for another", async () => {
  using portal = await world();
  const seen = foreign(portal, { responsible: rosa });
  await registerFor(portal, seen);
  await enterRepresentative(portal, rosa, seen);
  await importEdition(portal, { [ALFA]: null });
  assertEquals(await doorOf(portal, seen), null);
  const session = await waitingForBeta(portal, seen);
  must(await finishRegistration(portal, session, await codeFor(portal, BETA_MAIL)));
  assertEquals(await doorOf(portal, seen), BETA);
  // It comes back: its representative is known, but no certificate of theirs.
  await importEdition(portal);
  assertEquals(await representativeOf(portal, ALFA), { cpf: rosa.cpf, certificate: null });
  assertEquals((await showCertificate(portal, certificate(portal, ALFA))).next, "registration");
  assertEquals(await doorOf(portal, seen), BETA);
});

Deno.test("a certificate is released for its own company's first access, too", async () => {
  using portal = await world();
  await importEdition(portal, { [BETA]: null });
  const seen = certificate(portal, BETA);
  await registerFor(portal, seen);
  await importEdition(portal, { [ALFA]: null });
  // The commit with the most checks.
  await enterRepresentative(portal, ivo, seen);
  assertEquals(await representativeOf(portal, BETA), { cpf: ivo.cpf, certificate: "b" });
  await importEdition(portal);
  assertEquals(await doorOf(portal, seen), BETA);
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a registration that left no trace at the operadora opens nothing", async () => {
  using portal = await world();
  const seen = certificate(portal, BETA);
  await portal.kv.set(keys.operadoraOfCertificate(seen.sha256), ALFA);
  assertEquals(await doorOf(portal, seen), BETA);
  assertEquals(await doorOf(portal, certificate(portal, UNKNOWN_CNPJ)), null);
});

Deno.test("the first certificate of an operadora needs no code when it is its own company's", async () => {
  using portal = await world();
  const seen = certificate(portal, BETA);
  await enterRepresentative(portal, ivo, seen);
  const index = await portal.kv.get(keys.operadoraOfCertificate(seen.sha256));
  assertEquals(index.value, BETA);
  assertEquals(await representativeOf(portal, BETA), { cpf: ivo.cpf, certificate: "b" });
});

Deno.test("another company's certificate whose registration is gone binds nobody", async () => {
  using portal = await world();
  const seen = foreign(portal);
  await registerFor(portal, seen);
  const session = await representativeAt(portal, "confirmar", rosa, seen);
  await portal.kv.delete(keys.certificateOfOperadora(ALFA));
  const refused = await finishFirstAccess(portal, session, await codeFor(portal, rosa.email));
  assertEquals(codeOf(refused), "certificate_not_registered");
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});
