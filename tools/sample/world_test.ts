import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { importCadop } from "../../core/registry/cadop_import.ts";
import { importCnes } from "../../core/registry/cnes_import.ts";
import { getEstablishment } from "../../core/registry/establishment.ts";
import { parseCnes, parseCns, parseCpf } from "../../core/registry/numbers.ts";
import { getOperadora } from "../../core/registry/operadora.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { syntheticCns, syntheticCpf } from "./people.ts";
import { syntheticCadop, syntheticCnes } from "./synthetic_testing.ts";
import {
  sampleCadopCsv,
  sampleCnesCsv,
  sampleEstablishments,
  sampleOperadoras,
  samplePeople,
  sampleUsers,
} from "./world.ts";

const stream = (text: string) => new Blob([text]).stream();

Deno.test("the sample operadoras come out of the import as they went in", async () => {
  using deps = await testDeps();
  const result = await importCadop(deps, stream(sampleCadopCsv()));
  assert(result.ok);
  for (const operadora of sampleOperadoras) {
    assertEquals(await getOperadora(deps, operadora.cnpj), operadora);
  }
});

Deno.test("the sample establishments come out of the import as they went in", async () => {
  using deps = await testDeps();
  await importCadop(deps, stream(sampleCadopCsv()));
  const { establishments, municipios } = sampleCnesCsv();
  const result = await importCnes(deps, {
    establishments: () => Promise.resolve(stream(establishments)),
    municipios: () => Promise.resolve(stream(municipios)),
  });
  assert(result.ok);
  for (const establishment of sampleEstablishments) {
    assertEquals(await getEstablishment(deps, establishment.cnes), establishment);
  }
});

Deno.test("the numbers of the sample people and establishments are valid and their own", () => {
  for (const person of samplePeople) {
    assertEquals(parseCpf(person.cpf), person.cpf);
    assertEquals(parseCns(person.cns), person.cns);
  }
  for (const { cnes } of sampleEstablishments) assertEquals(parseCnes(cnes), cnes);
  for (const values of [samplePeople.map((p) => p.cpf), samplePeople.map((p) => p.email)]) {
    assertEquals(new Set(values).size, samplePeople.length);
  }
  for (const index of [0, 1, 8_999_999]) {
    assert(parseCpf(syntheticCpf(index)), `CPF ${index}`);
    assert(parseCns(syntheticCns(index)), `CNS ${index}`);
  }
});

Deno.test("the world has what its tours need", () => {
  const cnpjs = sampleOperadoras.map((operadora) => operadora.cnpj);
  assertEquals(cnpjs.filter((cnpj) => /[A-Z]/.test(cnpj)).length, 1);
  for (const cnpj of cnpjs) {
    assert(sampleEstablishments.some((establishment) => establishment.operadora === cnpj));
    assert(sampleUsers[cnpj]!.length > 0);
  }
  const inTwo = samplePeople.filter((person) =>
    Object.values(sampleUsers).filter((users) => users.includes(person)).length === 2
  );
  assertEquals(inTwo.length, 1);
  assertEquals(sampleEstablishments.filter(({ directorCpf }) => directorCpf).length, 1);
});

Deno.test("a synthetic edition is the same for the same seed and imports whole", async () => {
  using deps = await testDeps();
  assertEquals(syntheticCadop(50, 1), syntheticCadop(50, 1));
  assertNotEquals(syntheticCadop(50, 1), syntheticCadop(50, 2));
  const first = await importCadop(deps, stream(syntheticCadop(50, 1)));
  assert(first.ok && first.data.added.length === 50);
  const second = await importCadop(deps, stream(syntheticCadop(50, 2)));
  assert(second.ok && second.data.newRepresentative.length > 25);
});

Deno.test("a synthetic CNES is the same for the same seed and imports whole, every number valid", async () => {
  using deps = await testDeps();
  const text = (seed: number) => syntheticCnes(500, seed);
  assertEquals(text(1), text(1));
  assertNotEquals(text(1), text(2));
  const establishments = () => Promise.resolve(stream(text(1)));
  const result = await importCnes(deps, { establishments });
  assert(result.ok && result.data.rows === 500 && result.data.invalidNumbers === 0);
});
