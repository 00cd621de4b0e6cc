import { assertEquals } from "@std/assert";
import { testPortal } from "../testing.ts";
import {
  type Establishment,
  getEstablishment,
  getEstablishments,
  listEstablishmentsOfOperadora,
  putEstablishment,
} from "./establishment.ts";

const ONE = "11222333000181";
const OTHER = "12ABC34501DE35";

function establishment(cnes: string, operadora: string | null): Establishment {
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
  };
}

const numbers = (page: { items: Establishment[] }) => page.items.map((item) => item.cnes);

Deno.test("an establishment that is not there is null, also among others", async () => {
  using portal = await testPortal();
  await putEstablishment(portal, establishment("0000001", ONE));
  assertEquals(await getEstablishment(portal, "0000002"), null);
  assertEquals(await getEstablishments(portal, []), []);
  assertEquals(await getEstablishments(portal, ["0000002", "0000001"]), [
    null,
    establishment("0000001", ONE),
  ]);
});

Deno.test("more establishments than one read takes come back in the order asked", async () => {
  using portal = await testPortal();
  const asked = Array.from({ length: 23 }, (_, i) => String(23 - i).padStart(7, "0"));
  for (const cnes of asked) await putEstablishment(portal, establishment(cnes, null));
  const found = await getEstablishments(portal, asked);
  assertEquals(found.map((item) => item?.cnes), asked);
});

Deno.test("the list of an operadora follows the binding", async () => {
  using portal = await testPortal();
  await putEstablishment(portal, establishment("0000001", ONE));
  assertEquals(numbers(await listEstablishmentsOfOperadora(portal, ONE)), ["0000001"]);
  await putEstablishment(portal, establishment("0000001", OTHER));
  assertEquals(numbers(await listEstablishmentsOfOperadora(portal, ONE)), []);
  assertEquals(numbers(await listEstablishmentsOfOperadora(portal, OTHER)), ["0000001"]);
  await putEstablishment(portal, establishment("0000001", null));
  assertEquals(numbers(await listEstablishmentsOfOperadora(portal, OTHER)), []);
});

Deno.test("concurrent bindings leave the establishment in one list", async () => {
  using portal = await testPortal();
  await Promise.all(
    [ONE, OTHER, ONE, OTHER].map((cnpj) =>
      putEstablishment(portal, establishment("0000001", cnpj))
    ),
  );
  const bound = (await getEstablishment(portal, "0000001"))!.operadora!;
  const lists = await Promise.all(
    [ONE, OTHER].map((cnpj) => listEstablishmentsOfOperadora(portal, cnpj)),
  );
  assertEquals(lists.map(numbers), bound === ONE ? [["0000001"], []] : [[], ["0000001"]]);
});

Deno.test("pages follow each other without a gap, whatever the cursor says", async () => {
  using portal = await testPortal();
  const all = Array.from({ length: 5 }, (_, i) => String(i).padStart(7, "0"));
  for (const cnes of all) await putEstablishment(portal, establishment(cnes, ONE));
  await putEstablishment(portal, establishment("0000009", OTHER));
  const first = await listEstablishmentsOfOperadora(portal, ONE, { limit: 2 });
  const second = await listEstablishmentsOfOperadora(portal, ONE, {
    limit: 2,
    cursor: first.cursor,
  });
  const third = await listEstablishmentsOfOperadora(portal, ONE, {
    limit: 2,
    cursor: second.cursor,
  });
  assertEquals([first, second, third].flatMap(numbers), all);
  assertEquals(third.cursor, null);
  const exact = await listEstablishmentsOfOperadora(portal, ONE, { limit: 5 });
  assertEquals(exact.cursor, null);
  const beyond = await listEstablishmentsOfOperadora(portal, ONE, { cursor: "\uffff~" });
  assertEquals(beyond, { items: [], cursor: null });
});
