import { assertEquals } from "@std/assert";
import { loadCaller } from "../access/caller.ts";
import { keys } from "../store/keys.ts";
import {
  ALFA,
  ALFA_MAIL,
  certificate,
  codeFor,
  codeOf,
  enterRepresentative,
  importEdition,
  interrupted,
  mailsTo,
  nair,
  representativeAt,
  representativeOf,
  rosa,
  world,
} from "../testing_world.ts";
import { finishFirstAccess } from "./finish_first_access.ts";

Deno.test("two certificates claim one operadora at once: one is registered", async () => {
  using portal = await world();
  const ready = [];
  for (const [letter, person] of [["a", rosa], ["b", { ...nair, name: rosa.name }]] as const) {
    const seen = certificate(portal, ALFA, { letter, responsible: person });
    const session = await representativeAt(portal, "confirmar", person, seen);
    ready.push({ session, letter, person, code: await codeFor(portal, person.email) });
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(portal, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["certificate_not_registered", "ok"]);
  const winner = ready[outcomes.findIndex(({ ok }) => ok)]!;
  const expected = { cpf: winner.person.cpf, certificate: winner.letter };
  assertEquals(await representativeOf(portal, ALFA), expected);
  const people = portal.kv.list({ prefix: keys.person.under() });
  assertEquals((await Array.fromAsync(people)).length, 1, "nothing is left of the loser");
  assertEquals((await mailsTo(portal, ALFA_MAIL)).length, 1);
});

Deno.test("a new edition of CADOP in the middle: whoever it no longer names is not let in", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  const code = await codeFor(portal, rosa.email);
  assertEquals(await finishFirstAccess(portal, session, code), {
    ok: false,
    code: "representative_changed",
    detail: { representante: rosa.name.toUpperCase() },
  });
  assertEquals((await portal.kv.get(keys.person(rosa.cpf))).value, null);
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that comes just before the commit counts", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const edition = { [ALFA]: { Representante: nair.name } };
  const meanwhile = interrupted(portal, 2, () => importEdition(portal, edition));
  const refused = await finishFirstAccess(meanwhile, session, code);
  assertEquals(codeOf(refused), "representative_changed");
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that leaves the operadora out, or without a representative", async () => {
  for (const change of [null, { Representante: "" }]) {
    using portal = await world();
    const session = await representativeAt(portal, "confirmar");
    await importEdition(portal, { [ALFA]: change });
    const code = await codeFor(portal, rosa.email);
    const refused = await finishFirstAccess(portal, session, code);
    assertEquals(codeOf(refused), "representative_changed");
  }
});

Deno.test("J16: the new representative starts at J1 and takes the place of the old one", async () => {
  using portal = await world();
  const old = await enterRepresentative(portal);
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  assertEquals((await loadCaller(portal, old))?.isRepresentative, false);
  const entered = await enterRepresentative(portal, nair);
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
  assertEquals((await loadCaller(portal, old))?.isRepresentative, false);
  assertEquals(await representativeOf(portal, ALFA), { cpf: nair.cpf, certificate: "a" });
});
