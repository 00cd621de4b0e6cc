import { assertEquals } from "@std/assert";
import { bindEstablishment, unbindEstablishment } from "../access/establishments.ts";
import type { Account } from "../store/records/account.ts";
import { must, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { company, seedEstablishments, stream, syntheticCnpj } from "@/tests/fixtures/registry.ts";
import { renderCadop } from "@/tools/sample/registry_csv.ts";
import { importCadop } from "./cadop_import.ts";
import {
  type Establishment,
  getEstablishment,
  getEstablishments,
  listEstablishmentsOfOperadora,
} from "./establishment.ts";

const ONE = syntheticCnpj(1);
const OTHER = syntheticCnpj(2);
/** A hospital's own number, in no edition of CADOP. */
const HOSPITAL = "11222333000181";

function establishment(
  cnes: string,
  operadora: string | null,
  more: Partial<Establishment> = {},
): Establishment {
  return {
    cnes,
    nome: `Unidade ${cnes}`,
    razaoSocial: "Empresa Fictícia Ltda",
    cnpj: null,
    cnpjMantenedora: null,
    operadora,
    directorCpf: null,
    active: true,
    uf: "SP",
    municipio: "Campinas",
    ...more,
  };
}

/** An edition of CADOP with these operadoras (1 and 2 are `ONE` and `OTHER`). */
async function importCompanies(deps: TestDeps, ...indexes: number[]) {
  must(await importCadop(deps, stream(renderCadop(indexes.map((index) => company(index))))));
}

async function world() {
  const deps = await testDeps();
  await importCompanies(deps, 1, 2);
  return deps;
}

/** An edition of the CNES with these too; those whose operadora no CNPJ says are bound by hand. */
async function put(deps: TestDeps, ...establishments: Establishment[]) {
  await seedEstablishments(deps, establishments.map(({ operadora: _, ...row }) => row));
  for (const { cnes, operadora, cnpj, cnpjMantenedora } of establishments) {
    const bound = operadora && operadora !== cnpj && operadora !== cnpjMantenedora;
    if (bound) must(await bindEstablishment(deps, representative, operadora, cnes));
  }
}

/** Of whom the binding only says who it was. */
const representative = { id: "representante" } as Account;

const numbers = (page: { items: Establishment[] }) => page.items.map((item) => item.cnes);

async function listed(deps: { kv: Deno.Kv }, cnpj: string) {
  return numbers(await listEstablishmentsOfOperadora(deps, cnpj));
}

Deno.test("before the first import nobody is found", async () => {
  using deps = await testDeps();
  assertEquals(await getEstablishment(deps, "0000001"), null);
  assertEquals(await getEstablishments(deps, []), []);
  assertEquals(await listEstablishmentsOfOperadora(deps, ONE), { items: [], cursor: null });
});

Deno.test("an establishment that is not there is null, also among others", async () => {
  using deps = await world();
  await put(deps, establishment("0000001", ONE));
  assertEquals(await getEstablishment(deps, "0000002"), null);
  assertEquals(await getEstablishments(deps, []), []);
  assertEquals(await getEstablishments(deps, ["0000002", "0000001"]), [
    null,
    establishment("0000001", ONE),
  ]);
});

Deno.test("more establishments than one read takes come back in the order asked", async () => {
  using deps = await world();
  const asked = Array.from({ length: 23 }, (_, i) => String(23 - i).padStart(7, "0"));
  await put(deps, ...asked.map((cnes) => establishment(cnes, null)));
  const found = await getEstablishments(deps, asked);
  assertEquals(found.map((item) => item?.cnes), asked);
});

Deno.test("it belongs to the operadora whose CNPJ it or its mantenedora has", async () => {
  using deps = await world();
  const own = establishment("0000001", ONE, { cnpj: ONE, cnpjMantenedora: OTHER });
  const kept = establishment("0000002", OTHER, { cnpj: HOSPITAL, cnpjMantenedora: OTHER });
  const foreign = establishment("0000003", null, { cnpj: HOSPITAL, cnpjMantenedora: HOSPITAL });
  await put(deps, own, kept, foreign);
  assertEquals(await getEstablishments(deps, ["0000001", "0000002", "0000003"]), [
    own,
    kept,
    foreign,
  ]);
  assertEquals(await listed(deps, ONE), ["0000001"]);
  assertEquals(await listed(deps, OTHER), ["0000002"]);
  assertEquals(await listed(deps, HOSPITAL), []);
});

Deno.test("a CNPJ of an operadora goes before what a representative said", async () => {
  using deps = await world();
  await put(deps, establishment("0000001", OTHER));
  await put(deps, establishment("0000001", ONE, { cnpj: ONE }));
  assertEquals((await getEstablishment(deps, "0000001"))?.operadora, ONE);
  assertEquals(await listed(deps, OTHER), []);
});

Deno.test("a new edition of CADOP decides anew whose an establishment is", async () => {
  using deps = await world();
  const byCnpj = establishment("0000001", ONE, { cnpj: ONE });
  const byMantenedora = establishment("0000002", null, { cnpjMantenedora: syntheticCnpj(3) });
  const byBinding = establishment("0000003", ONE);
  await put(deps, byCnpj, byMantenedora, byBinding);
  const operadoras = async () =>
    (await getEstablishments(deps, ["0000001", "0000002", "0000003"])).map((one) => one?.operadora);
  assertEquals(await operadoras(), [ONE, null, ONE]);

  await importCompanies(deps, 2, 3);
  assertEquals(await operadoras(), [null, syntheticCnpj(3), null]);
  assertEquals(await listed(deps, ONE), []);
  assertEquals(await listed(deps, syntheticCnpj(3)), ["0000002"]);

  // Back in CADOP, its establishments are its own again.
  await importCompanies(deps, 1);
  assertEquals(await operadoras(), [ONE, null, ONE]);
  assertEquals(await listed(deps, ONE), ["0000001", "0000003"]);
});

Deno.test("the list of an operadora follows the binding", async () => {
  using deps = await world();
  await put(deps, establishment("0000001", ONE));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, ONE)), ["0000001"]);
  must(await unbindEstablishment(deps, representative, ONE, "0000001"));
  await put(deps, establishment("0000001", OTHER));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, ONE)), []);
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, OTHER)), ["0000001"]);
  must(await unbindEstablishment(deps, representative, OTHER, "0000001"));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, OTHER)), []);
});

Deno.test("pages follow each other without a gap, whatever the cursor says", async () => {
  using deps = await world();
  const all = Array.from({ length: 5 }, (_, i) => String(i).padStart(7, "0"));
  await put(deps, ...all.map((cnes) => establishment(cnes, ONE)), establishment("0000009", OTHER));
  const first = await listEstablishmentsOfOperadora(deps, ONE, { limit: 2 });
  const second = await listEstablishmentsOfOperadora(deps, ONE, {
    limit: 2,
    cursor: first.cursor,
  });
  const third = await listEstablishmentsOfOperadora(deps, ONE, {
    limit: 2,
    cursor: second.cursor,
  });
  assertEquals([first, second, third].flatMap(numbers), all);
  assertEquals(third.cursor, null);
  const exact = await listEstablishmentsOfOperadora(deps, ONE, { limit: 5 });
  assertEquals(exact.cursor, null);
  const beyond = await listEstablishmentsOfOperadora(deps, ONE, { cursor: "\uffff~" });
  assertEquals(beyond, { items: [], cursor: null });
});

Deno.test("pages are full although some of what stands in the index belongs to others", async () => {
  using deps = await world();
  const rows = Array.from({ length: 12 }, (_, at) => {
    const mine = at % 3 === 2;
    return establishment(String(at + 1).padStart(7, "0"), mine ? ONE : OTHER, {
      cnpj: mine ? ONE : OTHER,
      cnpjMantenedora: ONE,
    });
  });
  await put(deps, ...rows);
  const first = await listEstablishmentsOfOperadora(deps, ONE, { limit: 3 });
  assertEquals(numbers(first), ["0000003", "0000006", "0000009"]);
  const { cursor } = first;
  assertEquals(await listEstablishmentsOfOperadora(deps, ONE, { limit: 3, cursor }), {
    items: [establishment("0000012", ONE, { cnpj: ONE, cnpjMantenedora: ONE })],
    cursor: null,
  });
});

Deno.test("an establishment in the steady state costs one round trip, a list of them two", async () => {
  using deps = await world();
  await put(deps, establishment("0000001", ONE, { cnpj: ONE }));
  await put(deps, establishment("0000002", ONE));
  let reads = 0;
  // The store itself, with its reads counted.
  const kv = new Proxy(deps.kv, {
    get(kv, name) {
      const member = Reflect.get(kv, name, kv);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        reads++;
        return Reflect.apply(member, kv, args);
      };
    },
  });
  await getEstablishment({ kv }, "0000001");
  await getEstablishment({ kv }, "0000002");
  reads = 0;
  assertEquals((await getEstablishment({ kv }, "0000001"))?.operadora, ONE);
  assertEquals(reads, 1);
  await getEstablishment({ kv }, "0000002");
  await getEstablishment({ kv }, "7777777");
  assertEquals(reads, 3);
  // Two indexes side by side, then the rows.
  await listEstablishmentsOfOperadora({ kv }, ONE);
  assertEquals(reads, 6);
});
