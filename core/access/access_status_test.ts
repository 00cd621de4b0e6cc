import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { getMembership } from "./membership.ts";
import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import { endMembership } from "./change_membership.ts";
import { removeComputer } from "./computers.ts";
import { listCnesOf, readAccessStatus } from "./establishment_access.ts";
import {
  ALFA,
  approve,
  ask,
  askComputer,
  BETA_CNES,
  CNES,
  idOf,
  lia,
  must,
  reject,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedMember,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

/** The three states, and what may be asked for next. */
async function way(deps: World, thumbprint: string | null = "a", cnes = CNES): Promise<string> {
  const { steps, next } = await readAccessStatus(deps, await idOf(deps, zeca), cnes, thumbprint);
  const { estabelecimento, perfil, computador } = steps;
  return `${estabelecimento.state} ${perfil.state} ${computador.state} -> ${next}`;
}

Deno.test("nobody has asked for anything, or somebody else, or elsewhere", async () => {
  using deps = await seedWorld();
  must(await ask(deps, zeca, "OPERADOR", { cnes: SECOND_CNES }));
  assertEquals(await way(deps), "nenhum nenhum nenhum -> estabelecimento");
  assertEquals((await readAccessStatus(deps, await idOf(deps, zeca), CNES)).membership, null);
  assertEquals(await way(deps, "a", ""), "nenhum nenhum nenhum -> estabelecimento");
});

Deno.test("the way of the three steps, with a rejection at each", async () => {
  using deps = await seedWorld();
  const again = async () => (deps.advance(1), must(await ask(deps, zeca)));
  must(await reject(deps, (await again()).id, lia));
  assertEquals(await way(deps), "reprovada reprovada nenhum -> estabelecimento");
  const first = await again();
  assertEquals(await way(deps), "pendente pendente nenhum -> null");
  must(await approve(deps, first.establishmentRequest!, lia));
  assertEquals(await way(deps), "aprovada pendente nenhum -> null");
  must(await reject(deps, first.id, lia));
  assertEquals(await way(deps), "aprovada reprovada nenhum -> perfil");
  must(await approve(deps, (await again()).id, lia));
  assertEquals(await way(deps), "aprovada aprovada nenhum -> computador");
  must(await reject(deps, must(await askComputer(deps, zeca, "a")).id, lia));
  assertEquals(await way(deps), "aprovada aprovada reprovada -> computador");
  deps.advance(1);
  const { id } = must(await askComputer(deps, zeca, "a"));
  assertEquals(await way(deps), "aprovada aprovada pendente -> null");
  must(await approve(deps, id, lia));
  assertEquals(await way(deps), "aprovada aprovada aprovada -> null");
});

Deno.test("the third step is about one computer: another browser, or none proven, has none", async () => {
  using deps = await seedWorld();
  await seedMember(deps, zeca, "OPERADOR");
  await seedComputer(deps, zeca, "a");
  for (const other of ["b", "", null]) {
    assertEquals(await way(deps, other), "aprovada aprovada nenhum -> computador");
  }
  deps.advance(1);
  must(await askComputer(deps, zeca, "b"));
  assertEquals(await way(deps, "a"), "aprovada aprovada aprovada -> null");
  const own = { cnes: CNES, account: await idOf(deps, zeca), thumbprint: "a" };
  must(await removeComputer(deps, { account: await idOf(deps, zeca), standing: UNLIMITED }, own));
  assertEquals(await way(deps, "a"), "aprovada aprovada pendente -> null");
});

Deno.test("ended: everything that was approved is as never asked for", async () => {
  using deps = await seedWorld();
  must(await approve(deps, must(await ask(deps, zeca)).id, lia));
  await seedComputer(deps, zeca, "a");
  const end = { cnes: CNES, account: await idOf(deps, zeca), reason: "Mudou de setor" };
  must(await endMembership(deps, { account: await idOf(deps, lia), standing: UNLIMITED }, end));
  assertEquals(await way(deps), "nenhum nenhum nenhum -> estabelecimento");
  const { membership, computer, steps } = await readAccessStatus(
    deps,
    await idOf(deps, zeca),
    CNES,
    "a",
  );
  assertEquals([membership?.ended?.reason, computer], ["Mudou de setor", null]);
  assertEquals(steps.perfil.request?.state, "aprovada");
});

Deno.test("a computer that was left behind opens nothing without a profile", async () => {
  using deps = await seedWorld();
  await seedMember(deps, zeca, "OPERADOR");
  await seedComputer(deps, zeca, "a");
  // No function leaves a computer behind: were one there, it would open nothing.
  const membership = (await getMembership(deps, CNES, await idOf(deps, zeca)))!;
  await deps.kv.set(keys.membership(CNES, await idOf(deps, zeca)), {
    ...membership,
    profile: null,
  });
  assertEquals(await way(deps), "aprovada nenhum nenhum -> perfil");
  const ended = { at: 1, by: "x", reason: "y" };
  await deps.kv.set(keys.membership(CNES, await idOf(deps, zeca)), { ...membership, ended });
  assertEquals((await readAccessStatus(deps, await idOf(deps, zeca), CNES, "a")).computer, null);
});

Deno.test("an appointment needs no requests", async () => {
  using deps = await seedWorld();
  await seedMember(deps, zeca, "ADMINISTRADOR");
  assertEquals(await way(deps), "aprovada aprovada nenhum -> computador");
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES)).steps.perfil.request,
    null,
  );
});

Deno.test("places: where somebody is, was, or has asked, once each; not where others are", async () => {
  using deps = await seedWorld();
  assertEquals(await listCnesOf(deps, await idOf(deps, zeca)), []);
  must(await ask(deps, zeca, "OPERADOR", { cnes: BETA_CNES }));
  await seedMember(deps, zeca, "OPERADOR", SECOND_CNES);
  must(await approve(deps, must(await ask(deps, zeca)).id, lia));
  const end = { cnes: CNES, account: await idOf(deps, zeca), reason: "Saiu" };
  must(
    await endMembership(deps, {
      account: await idOf(deps, rosa),
      represents: ALFA,
      standing: UNLIMITED,
    }, end),
  );
  assertEquals(await listCnesOf(deps, await idOf(deps, zeca)), [CNES, SECOND_CNES, BETA_CNES]);
});
