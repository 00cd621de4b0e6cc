import { setMembership } from "@/core/access/membership.ts";
import { bindRepresentative } from "@/core/onboarding/first_access/bind_representative.ts";
import { transact } from "@/core/store/transact.ts";
import {
  ALFA,
  BETA,
  caio,
  certificate,
  DAY,
  importEdition,
  ivo,
  lia,
  must,
  nair,
  personOf,
  rosa,
  seedPerson,
  seedTie,
  selfRegister,
  type TestDeps,
  testDeps,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import {
  BEGINNING,
  type CnesChange,
  COMPANIES,
  type Company,
  type Name,
  PEOPLE,
  type Place,
  PLACES,
} from "./actions.ts";

/** What the actions' names stand for. */
export const PERSON: Record<Name, TestPerson> = { rosa, ivo, nair, lia, caio, zeca };
export const CNPJ: Record<Company, string> = { alfa: ALFA, beta: BETA };
export const CNES: Record<Place, string> = {
  first: "0000001",
  second: "0000002",
  third: "0000003",
};

type Entries = readonly Deno.KvEntry<unknown>[];

/** The town as it begins, built once by real imports and then copied into an empty store each time. */
export async function buildTown(): Promise<Entries> {
  using deps = await testDeps();
  await importEdition(deps);
  await importPlaces(deps, BEGINNING.cnes);
  for (const name of PEOPLE) {
    const declared = (BEGINNING.declared as readonly Name[]).includes(name);
    await (declared ? selfRegister(deps, PERSON[name]) : seedPerson(deps, PERSON[name]));
  }
  for (const company of COMPANIES) {
    const { cpf, name } = PERSON[BEGINNING.cadop[company]];
    const seen = certificate(deps, CNPJ[company], { life: 4_000 * DAY });
    const shown = { cpf, name, certificate: { ...seen, operadora: CNPJ[company] } };
    must(await transact(deps.kv, (tx) => bindRepresentative(deps, tx, shown)));
  }
  for (const [name, companies] of Object.entries(BEGINNING.ties)) {
    for (const company of companies) await seedTie(deps, PERSON[name as Name], CNPJ[company]);
  }
  const by = (await personOf(deps, rosa)).id;
  for (const { of, place, profile } of BEGINNING.members) {
    const { cpf } = PERSON[of];
    // Without the requests that led to it: of these the model knows nothing.
    const membership = { cnes: CNES[place], cpf, profile, since: deps.now(), by };
    await transact(deps.kv, (tx) => setMembership(tx, membership));
  }
  return await Array.fromAsync(deps.kv.list({ prefix: [] }));
}

export async function openTown(entries: Entries): Promise<TestDeps> {
  const deps = await testDeps();
  const atomic = deps.kv.atomic();
  for (const { key, value } of entries) atomic.set(key, value);
  await atomic.commit();
  return deps;
}

/** A new edition of the CNES, with one more establishment that nobody has to do with. */
export async function importPlaces(
  deps: TestDeps,
  cnes: Record<Place, Required<CnesChange>>,
): Promise<void> {
  const rows = PLACES.filter((place) => cnes[place].listed).map((place) => {
    const { active, director, cnpj } = cnes[place];
    const directorCpf = director && PERSON[director].cpf;
    return { cnes: CNES[place], cnpj: cnpj && CNPJ[cnpj], directorCpf, active };
  });
  await seedEstablishments(deps, [{ cnes: "0000099" }, ...rows], { whole: true });
}
