import { keys } from "../store/keys.ts";
import type { PresentedCertificate } from "../store/records/session.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  ALFA,
  anonymous,
  BETA,
  certificate,
  codeOf,
  importEdition,
  MINUTE,
  must,
  nair,
  onboardingIn,
  recordedVisit,
  rosa,
  seedRegistries,
  seedRepresentative,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";
import { signInWithCertificate } from "./certificate.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

async function show(deps: World, seen: PresentedCertificate) {
  return await signInWithCertificate(deps, await anonymous(deps), seen);
}

const AT_CNPJ = {
  flow: "certificate_registration",
  step: "cnpj",
  operadora: null,
  divergences: [],
  sentTo: null,
} as const;

Deno.test("J4: a company that CADOP does not have is not identified: registration", async () => {
  using deps = await seedRegistries();
  const unknown = must(await show(deps, certificate(deps, UNKNOWN_CNPJ)));
  assertEquals(unknown.next, "registration");
  assertEquals(unknown.session.state.certificate?.operadora, null);
  assertEquals(onboardingIn(unknown.session, "first_access"), null);
  const registration = { ...AT_CNPJ, reason: "not_identified" } as const;
  assertEquals(onboardingIn(unknown.session, "certificate_registration"), registration);
  await importEdition(deps, { [BETA]: null });
  const gone = must(await show(deps, certificate(deps, BETA)));
  assertEquals(onboardingIn(gone.session, "certificate_registration"), registration);
});

Deno.test("a company whose representative CADOP does not tell lets nobody in", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await importEdition(deps, { [ALFA]: { Representante: "" } });
  const refused = await show(deps, certificate(deps, ALFA));
  assertEquals(codeOf(refused), "representative_missing");
});

Deno.test("the registered certificate asks for the password, another one for registration", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  assertEquals(must(await show(deps, certificate(deps, ALFA))).next, "password");
  const other = must(await show(deps, certificate(deps, ALFA, { letter: "f" })));
  assertEquals(other.next, "registration");
  assertEquals(other.session.state.certificate?.operadora, null);
  const registration = { ...AT_CNPJ, reason: "another_registered" } as const;
  assertEquals(onboardingIn(other.session, "certificate_registration"), registration);
  // Another company's door is not touched.
  assertEquals(must(await show(deps, certificate(deps, BETA))).next, "first_access");
});

Deno.test("an expired registration lets no other certificate in without a code", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps, rosa, certificate(deps, ALFA, { life: MINUTE }));
  deps.advance(2 * MINUTE);
  const renewed = certificate(deps, ALFA, { letter: "f" });
  assertEquals(must(await show(deps, renewed)).next, "registration");
});

Deno.test("J16: a new representative enters with the registered certificate only", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await importEdition(deps, { [ALFA]: { Representante: nair.name } });
  assertEquals(must(await show(deps, certificate(deps, ALFA))).next, "first_access");
  const other = certificate(deps, ALFA, { letter: "f", responsible: nair });
  assertEquals(must(await show(deps, other)).next, "registration");
});

Deno.test("the name may be spelled in another way, not be another name", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await importEdition(deps, { [ALFA]: { Representante: "rosa maria  IMAGINARIA" } });
  assertEquals(must(await show(deps, certificate(deps, ALFA))).next, "password");
  await importEdition(deps, { [ALFA]: { Representante: "Rosa Maria da Imaginação" } });
  assertEquals(must(await show(deps, certificate(deps, ALFA))).next, "first_access");
});

Deno.test("the certificate's CPF is taken only with the representative's name", async () => {
  using deps = await seedRegistries();
  const cases: [PresentedCertificate["responsible"], string | null][] = [
    [{ name: "ROSA MARIA IMAGINARIA", cpf: rosa.cpf }, rosa.cpf],
    [{ name: nair.name, cpf: nair.cpf }, null],
    [{ name: "", cpf: nair.cpf }, null],
    [{ name: rosa.name, cpf: null }, null],
    [null, null],
  ];
  for (const [responsible, cpf] of cases) {
    const seen = { ...certificate(deps, ALFA), responsible };
    const { session } = must(await show(deps, seen));
    assertEquals(onboardingIn(session, "first_access")?.cpf, cpf);
    assertEquals(onboardingIn(session, "first_access")?.name, rosa.name.toUpperCase());
  }
});

Deno.test("the session keeps of a certificate only what it needs", async () => {
  using deps = await seedRegistries();
  const seen = {
    ...certificate(deps, ALFA),
    responsible: { name: rosa.name, cpf: rosa.cpf, birthDate: "01011970", nis: "12345678901" },
    email: "alguem@ficticia.example",
  };
  const { session } = must(await show(deps, seen));
  const stored = await deps.kv.get(keys.session(session.id));
  const text = JSON.stringify(stored.value);
  for (const surplus of ["01011970", "12345678901", "alguem@"]) assert(!text.includes(surplus));
});

Deno.test("showing a certificate gives the visit a new id, once", async () => {
  using deps = await seedRegistries();
  const before = await recordedVisit(deps);
  const seen = certificate(deps, ALFA);
  const outcomes = await Promise.all([
    signInWithCertificate(deps, before, seen),
    signInWithCertificate(deps, before, seen),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "session_ended"]);
  assertNotEquals(must(outcomes.find(({ ok }) => ok)!).session.id, before.id);
  assertEquals((await deps.kv.get(keys.session(before.id))).value, null);
});

Deno.test("no certificate is taken in a session that has ended, or that somebody is logged in with", async () => {
  using deps = await seedRegistries();
  const entered = await seedRepresentative(deps);
  const seen = certificate(deps, ALFA);
  assertEquals(codeOf(await signInWithCertificate(deps, entered, seen)), "session_ended");
  const late = await anonymous(deps);
  deps.advance(30 * MINUTE);
  assertEquals(codeOf(await signInWithCertificate(deps, late, seen)), "session_ended");
});
