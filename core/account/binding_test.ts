import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  certificate,
  codeFor,
  codeOf,
  foreign,
  importEdition,
  interrupted,
  ivo,
  must,
  registerFor,
  registrationAt,
  representativeAt,
  representativeOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  showCertificate,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";
import { finishRegistration } from "../onboarding/certificate_registration/finish.ts";
import { acceptDivergence, submitCnpj } from "../onboarding/certificate_registration/steps.ts";
import { finishFirstAccess } from "../onboarding/first_access/finish.ts";
import { findBinding, stillRepresents } from "./binding.ts";

const BETA_MAIL = "contato2@ficticia.example";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** CNPJ of the operadora whose door the certificate opens. */
async function doorOf(deps: World, seen: ReturnType<typeof certificate>) {
  return (await findBinding(deps, seen)).operadora?.cnpj ?? null;
}

/** The same certificate waits for the code of BETA. */
async function waitingForBeta(deps: World, seen: ReturnType<typeof certificate>) {
  const session = await registrationAt(deps, "cnpj", seen);
  const found = must(await submitCnpj(deps, session, BETA));
  return must(await acceptDivergence(deps, found, BETA));
}

Deno.test("one certificate opens one operadora's door, also when two browsers finish at once", async () => {
  for (const together of [false, true]) {
    using deps = await seedRegistries();
    const seen = foreign(deps);
    const forBeta = await waitingForBeta(deps, seen);
    const code = await codeFor(deps, BETA_MAIL);
    const race = together
      ? interrupted(deps, 2, () => registerFor(deps, seen))
      : (await registerFor(deps, seen), deps);
    assertEquals(await finishRegistration(race, forBeta, code), {
      ok: false,
      code: "certificate_registered_elsewhere",
      detail: { operadora: "ALFABETA PLANOS LTDA" },
    });
    assertEquals(await representativeOf(deps, BETA), { cpf: null, certificate: null });
    assertEquals(await doorOf(deps, seen), ALFA);
  }
});

Deno.test("an operadora that left CADOP releases its certificate for another", async () => {
  using deps = await seedRegistries();
  const seen = foreign(deps, { responsible: rosa });
  await registerFor(deps, seen);
  await seedRepresentative(deps, rosa, seen);
  await importEdition(deps, { [ALFA]: null });
  assertEquals(await doorOf(deps, seen), null);
  const session = await waitingForBeta(deps, seen);
  must(await finishRegistration(deps, session, await codeFor(deps, BETA_MAIL)));
  assertEquals(await doorOf(deps, seen), BETA);
  // It comes back: its representative is known, but no certificate of theirs.
  await importEdition(deps);
  assertEquals(await representativeOf(deps, ALFA), { cpf: rosa.cpf, certificate: null });
  assertEquals((await showCertificate(deps, certificate(deps, ALFA))).next, "registration");
  assertEquals(await doorOf(deps, seen), BETA);
});

Deno.test("a certificate is released for its own company's first access, too", async () => {
  using deps = await seedRegistries();
  await importEdition(deps, { [BETA]: null });
  const seen = certificate(deps, BETA);
  await registerFor(deps, seen);
  await importEdition(deps, { [ALFA]: null });
  // The commit with the most checks.
  await seedRepresentative(deps, ivo, seen);
  assertEquals(await representativeOf(deps, BETA), { cpf: ivo.cpf, certificate: "b" });
  await importEdition(deps);
  assertEquals(await doorOf(deps, seen), BETA);
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("a registration that left no trace at the operadora opens nothing", async () => {
  using deps = await seedRegistries();
  const seen = certificate(deps, BETA);
  await deps.kv.set(keys.operadoraOfCertificate(seen.sha256), ALFA);
  assertEquals(await doorOf(deps, seen), BETA);
  assertEquals(await doorOf(deps, certificate(deps, UNKNOWN_CNPJ)), null);
});

Deno.test("the first certificate of an operadora needs no code when it is its own company's", async () => {
  using deps = await seedRegistries();
  const seen = certificate(deps, BETA);
  await seedRepresentative(deps, ivo, seen);
  const index = await deps.kv.get(keys.operadoraOfCertificate(seen.sha256));
  assertEquals(index.value, BETA);
  assertEquals(await representativeOf(deps, BETA), { cpf: ivo.cpf, certificate: "b" });
});

Deno.test("another company's certificate whose registration is gone binds nobody", async () => {
  using deps = await seedRegistries();
  const seen = foreign(deps);
  await registerFor(deps, seen);
  const session = await representativeAt(deps, "confirmar", rosa, seen);
  await deps.kv.delete(keys.certificateOfOperadora(ALFA));
  const refused = await finishFirstAccess(deps, session, await codeFor(deps, rosa.email));
  assertEquals(codeOf(refused), "certificate_not_registered");
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("a representative stands for an operadora only while CADOP has it and names them", () => {
  const bound = { name: "ROSA DE EXEMPLO" } as Parameters<typeof stillRepresents>[0];
  const operadora = (representante: string | null) =>
    ({ representante }) as Parameters<typeof stillRepresents>[1];
  assertEquals(stillRepresents(bound, operadora("Rosa de Exemplo")), true);
  assertEquals(stillRepresents(bound, operadora("Ivo de Exemplo")), false);
  assertEquals(stillRepresents(bound, operadora(null)), false);
  assertEquals(stillRepresents(bound, null), false);
  assertEquals(stillRepresents(null, operadora("Rosa de Exemplo")), false);
});
