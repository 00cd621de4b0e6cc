import { assertEquals, assertRejects } from "@std/assert";
import { keys } from "../store/keys.ts";
import { testDeps } from "../testing.ts";
import { importCadop } from "./cadop_import.ts";
import { accepted, company, renderText, stream, syntheticCnpj } from "./cadop_testing.ts";
import {
  type Establishment,
  getEstablishment,
  getEstablishments,
  listEstablishmentsOfOperadora,
} from "./establishment.ts";
import { putEstablishment } from "./establishment_testing.ts";

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

/** Imports an edition of CADOP with these operadoras (1 and 2 are `ONE` and `OTHER`). */
async function importOperadoras(deps: { kv: Deno.Kv; now(): number }, ...indexes: number[]) {
  accepted(await importCadop(deps, stream(renderText(indexes.map((i) => company(i))))));
}

async function world() {
  const deps = await testDeps();
  await importOperadoras(deps, 1, 2);
  return deps;
}

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
  await putEstablishment(deps, establishment("0000001", ONE));
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
  for (const cnes of asked) await putEstablishment(deps, establishment(cnes, null));
  const found = await getEstablishments(deps, asked);
  assertEquals(found.map((item) => item?.cnes), asked);
});

Deno.test("it belongs to the operadora whose CNPJ it or its mantenedora has", async () => {
  using deps = await world();
  const own = establishment("0000001", ONE, { cnpj: ONE, cnpjMantenedora: OTHER });
  const kept = establishment("0000002", OTHER, { cnpj: HOSPITAL, cnpjMantenedora: OTHER });
  const foreign = establishment("0000003", null, { cnpj: HOSPITAL, cnpjMantenedora: HOSPITAL });
  // Bound by its mantenedora, which is no binding of a representative.
  await assertRejects(() => putEstablishment(deps, { ...own, operadora: null }));
  for (const one of [own, foreign]) await putEstablishment(deps, one);
  await putEstablishment(deps, kept);
  await deps.kv.delete(keys.establishmentBinding("0000002"));
  await deps.kv.delete(keys.establishmentByBinding(OTHER, "0000002"));
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
  await putEstablishment(deps, establishment("0000001", ONE, { cnpj: ONE }));
  await deps.kv.set(keys.establishmentBinding("0000001"), OTHER);
  await deps.kv.set(keys.establishmentByBinding(OTHER, "0000001"), true);
  assertEquals((await getEstablishment(deps, "0000001"))?.operadora, ONE);
  assertEquals(await listed(deps, OTHER), []);
});

Deno.test("a new edition of CADOP decides anew whose an establishment is", async () => {
  using deps = await world();
  const byCnpj = establishment("0000001", ONE, { cnpj: ONE });
  const byMantenedora = establishment("0000002", null, { cnpjMantenedora: syntheticCnpj(3) });
  const byBinding = establishment("0000003", ONE);
  for (const one of [byCnpj, byMantenedora, byBinding]) await putEstablishment(deps, one);
  const operadoras = async () =>
    (await getEstablishments(deps, ["0000001", "0000002", "0000003"])).map((one) => one?.operadora);
  assertEquals(await operadoras(), [ONE, null, ONE]);

  await importOperadoras(deps, 2, 3);
  assertEquals(await operadoras(), [null, syntheticCnpj(3), null]);
  assertEquals(await listed(deps, ONE), []);
  assertEquals(await listed(deps, syntheticCnpj(3)), ["0000002"]);

  // Back in CADOP, its establishments are its own again.
  await importOperadoras(deps, 1);
  assertEquals(await operadoras(), [ONE, null, ONE]);
  assertEquals(await listed(deps, ONE), ["0000001", "0000003"]);
});

Deno.test("the list of an operadora follows the binding", async () => {
  using deps = await world();
  await putEstablishment(deps, establishment("0000001", ONE));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, ONE)), ["0000001"]);
  await putEstablishment(deps, establishment("0000001", OTHER));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, ONE)), []);
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, OTHER)), ["0000001"]);
  await putEstablishment(deps, establishment("0000001", null));
  assertEquals(numbers(await listEstablishmentsOfOperadora(deps, OTHER)), []);
});

Deno.test("pages follow each other without a gap, whatever the cursor says", async () => {
  using deps = await world();
  const all = Array.from({ length: 5 }, (_, i) => String(i).padStart(7, "0"));
  for (const cnes of all) await putEstablishment(deps, establishment(cnes, ONE));
  await putEstablishment(deps, establishment("0000009", OTHER));
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
  for (let i = 1; i <= 12; i++) {
    const mine = i % 3 === 0;
    await putEstablishment(
      deps,
      establishment(String(i).padStart(7, "0"), mine ? ONE : OTHER, {
        cnpj: mine ? ONE : OTHER,
        cnpjMantenedora: ONE,
      }),
    );
  }
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
  await putEstablishment(deps, establishment("0000001", ONE, { cnpj: ONE }));
  await putEstablishment(deps, establishment("0000002", ONE));
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
