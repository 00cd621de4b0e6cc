import { assertEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { keys } from "../../store/keys.ts";
import {
  ALFA,
  ALFA_MAIL,
  certificate,
  codeFor,
  codeOf,
  importEdition,
  interrupted,
  mailsTo,
  nair,
  representativeAt,
  representativeOf,
  rosa,
  seedRegistries,
  seedRepresentative,
} from "@/tests/fixtures/mod.ts";
import { finishFirstAccess } from "./finish.ts";
import { accountForCpf } from "../../account/account.ts";

Deno.test("two certificates claim one operadora at once: one is registered", async () => {
  using deps = await seedRegistries();
  const ready = [];
  for (const [letter, person] of [["a", rosa], ["b", { ...nair, name: rosa.name }]] as const) {
    const seen = certificate(deps, ALFA, { letter, responsible: person });
    const session = await representativeAt(deps, "confirmar", person, seen);
    ready.push({ session, letter, person, code: await codeFor(deps, person.email) });
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(deps, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["certificate_not_registered", "ok"]);
  const winner = ready[outcomes.findIndex(({ ok }) => ok)]!;
  const expected = { cpf: winner.person.cpf, certificate: winner.letter };
  assertEquals(await representativeOf(deps, ALFA), expected);
  const people = deps.kv.list({ prefix: keys.account.under() });
  assertEquals((await Array.fromAsync(people)).length, 1, "nothing is left of the loser");
  assertEquals((await mailsTo(deps, ALFA_MAIL)).length, 1);
});

Deno.test("a new edition of CADOP in the middle: whoever it no longer names is not let in", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  await importEdition(deps, { [ALFA]: { Representante: nair.name } });
  const code = await codeFor(deps, rosa.email);
  assertEquals(await finishFirstAccess(deps, session, code), {
    ok: false,
    code: "representative_changed",
    detail: { representante: rosa.name.toUpperCase() },
  });
  assertEquals(await accountForCpf(deps, rosa.cpf), null);
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that comes just before the commit counts", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const edition = { [ALFA]: { Representante: nair.name } };
  const meanwhile = interrupted(deps, 2, () => importEdition(deps, edition));
  const refused = await finishFirstAccess(meanwhile, session, code);
  assertEquals(codeOf(refused), "representative_changed");
  assertEquals(await representativeOf(deps, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that leaves the operadora out, or without a representative", async () => {
  for (const change of [null, { Representante: "" }]) {
    using deps = await seedRegistries();
    const session = await representativeAt(deps, "confirmar");
    await importEdition(deps, { [ALFA]: change });
    const code = await codeFor(deps, rosa.email);
    const refused = await finishFirstAccess(deps, session, code);
    assertEquals(codeOf(refused), "representative_changed");
  }
});

Deno.test("J16: the new representative starts at J1 and takes the place of the old one", async () => {
  using deps = await seedRegistries();
  const old = await seedRepresentative(deps);
  await importEdition(deps, { [ALFA]: { Representante: nair.name } });
  assertEquals((await loadCaller(deps, old))?.isRepresentative, false);
  const entered = await seedRepresentative(deps, nair);
  assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
  assertEquals((await loadCaller(deps, old))?.isRepresentative, false);
  assertEquals(await representativeOf(deps, ALFA), { cpf: nair.cpf, certificate: "a" });
});
