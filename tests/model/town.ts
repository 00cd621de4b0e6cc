import { join, settle, tie } from "@/core/access/town_testing.ts";
import { bindRepresentative } from "@/core/onboarding/first_access/bind_representative.ts";
import { importCnes } from "@/core/registry/cnes_import.ts";
import { files, line, table } from "@/core/registry/cnes_testing.ts";
import { transact } from "@/core/store/transact.ts";
import { type TestDeps, testDeps } from "@/core/testing.ts";
import * as world from "@/core/testing_world.ts";
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
export const PERSON: Record<Name, world.WorldPerson> = {
  rosa: world.rosa,
  ivo: world.ivo,
  nair: world.nair,
  lia: world.lia,
  caio: world.caio,
  zeca: world.zeca,
};
export const CNPJ: Record<Company, string> = { alfa: world.ALFA, beta: world.BETA };
export const CNES: Record<Place, string> = {
  first: "0000001",
  second: "0000002",
  third: "0000003",
};

type Entries = readonly Deno.KvEntry<unknown>[];

/** The town as it begins, built once by real imports and then copied into an empty store each time. */
export async function buildTown(): Promise<Entries> {
  using deps = await testDeps();
  await world.importEdition(deps);
  await importPlaces(deps, BEGINNING.cnes);
  for (const name of PEOPLE) {
    const declared = (BEGINNING.declared as readonly Name[]).includes(name);
    await settle(deps, PERSON[name], { origin: declared ? "declarado" : "operadora" });
  }
  for (const company of COMPANIES) {
    const { cpf, name } = PERSON[BEGINNING.cadop[company]];
    const cnpj = CNPJ[company];
    const seen = { ...world.certificate(deps, cnpj, { life: 4_000 * world.DAY }) };
    const certificate = { ...seen, operadora: cnpj };
    world.must(
      await transact(deps.kv, (tx) => bindRepresentative(deps, tx, { cpf, name, certificate })),
    );
  }
  for (const [name, companies] of Object.entries(BEGINNING.ties)) {
    for (const company of companies) await tie(deps, PERSON[name as Name], CNPJ[company]);
  }
  for (const { of, place, profile } of BEGINNING.members) {
    await join(deps, PERSON[of], profile, CNES[place]);
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
  let text = table([99]);
  for (const [i, place] of PLACES.entries()) {
    const { listed, active, director, cnpj } = cnes[place];
    if (!listed) continue;
    text += line(i + 1, {
      NU_CNPJ: cnpj ? CNPJ[cnpj] : "",
      CO_CPFDIRETORCLN: director ? PERSON[director].cpf : "",
      CO_MOTIVO_DESAB: active ? "" : "04",
    });
  }
  world.must(await importCnes(deps, files(text)));
}
