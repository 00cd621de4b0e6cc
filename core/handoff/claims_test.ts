import { assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  BETA,
  caio,
  CNES,
  GOVBR,
  ivo,
  lia,
  must,
  operadoraOf,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedTie,
  seedUser,
  selfRegister,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { certificate } from "@/tests/fixtures/journeys.ts";
import { setUserActive } from "../access/users/deactivate_user.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { cpfClaims, cpfHolds, informantOf } from "./claims.ts";

Deno.test("who gave a CPF: the operadora, the certificate, the person", async () => {
  using deps = await seedRegistries({ govbr: GOVBR });
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  await selfRegister(deps, zeca);
  const of = async (someone: { cpf: string }, operadora: string | null = null) =>
    await informantOf(deps, await personOf(deps, someone), { operadora });
  assertEquals((await getEstablishment(deps, CNES))!.operadora, ALFA);
  assertEquals(await of(lia), `operadora:${ALFA}`);
  assertEquals(await of(rosa), "certificado");
  assertEquals(await of(zeca), "declarado");
  deps.advance(1);
  await seedTie(deps, lia, BETA);
  assertEquals(await of(lia), `operadora:${ALFA}`);
  assertEquals(await of(lia, ALFA), `operadora:${ALFA}`);
  // The establishment's own operadora answers for its people.
  assertEquals(await of(lia, BETA), `operadora:${BETA}`);
  await seedTie(deps, caio, BETA);
  deps.advance(1);
  await seedTie(deps, caio, ALFA);
  assertEquals(await of(caio), `operadora:${BETA}`);
});

Deno.test("an operadora whose invitation waits, or that has ended the tie, is not who gave it", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  must(await addUser(deps, { ...lia, email: "outra@ficticia.example" }, { cnpj: BETA }));
  const of = async (operadora: string | null) =>
    await informantOf(deps, await personOf(deps, lia), { operadora });
  assertEquals(await of(BETA), `operadora:${ALFA}`);
  const [actor, alfa] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
  must(await setUserActive(deps, actor, alfa, await personOf(deps, lia), false));
  assertEquals(await of(null), "operadora");
});

Deno.test("of two accounts with one CPF, the proof of one says nothing of the other", async () => {
  using deps = await seedRegistries({ govbr: GOVBR });
  await selfRegister(deps, zeca);
  const declared = await personOf(deps, zeca);
  const proved = { ...declared, proof: { by: "govbr", level: "gold", at: 1 } as const };
  assertEquals(cpfClaims(deps, proved, "-"), { cpf: zeca.cpf, cpf_proof: "govbr:gold" });
  assertEquals(cpfClaims(deps, declared, "declarado"), {
    cpf_informed: zeca.cpf,
    cpf_informed_by: "declarado",
  });
});

Deno.test("what was said of a CPF holds while it is so", async () => {
  using deps = await seedRegistries({ govbr: GOVBR });
  await selfRegister(deps, zeca);
  const declared = await personOf(deps, zeca);
  const proved = { ...declared, proof: { by: "govbr", level: "silver", at: 1 } as const };
  const said = {
    proof: cpfClaims(deps, proved, "-"),
    word: cpfClaims(deps, declared, "declarado"),
  };
  assertEquals(cpfHolds(deps, proved, said.proof), true);
  assertEquals(cpfHolds(deps, declared, said.proof), false);
  assertEquals(cpfHolds(deps, { ...proved, cpf: lia.cpf }, said.proof), false);
  assertEquals(cpfHolds(deps, declared, said.word), true);
  assertEquals(cpfHolds(deps, proved, said.word), true);
  assertEquals(cpfHolds(deps, { ...declared, cpf: lia.cpf }, said.word), false);
});
