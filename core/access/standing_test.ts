import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import { ALFA, BETA_CNES, CNES, lia, must, rosa, SECOND_CNES, zeca } from "../testing_world.ts";
import { endMembership } from "./end_membership.ts";
import { removeComputer } from "./remove_computer.ts";
import { listPlacesOf, standingAt } from "./standing.ts";
import { approve, ask, askComputer, equip, join, reject, town } from "./town_testing.ts";

type World = Awaited<ReturnType<typeof town>>;

/** The three states, and what may be asked for next. */
async function way(portal: World, thumbprint: string | null = "a", cnes = CNES): Promise<string> {
  const { steps, next } = await standingAt(portal, zeca.cpf, cnes, thumbprint);
  const { estabelecimento, perfil, computador } = steps;
  return `${estabelecimento.state} ${perfil.state} ${computador.state} -> ${next}`;
}

Deno.test("nobody has asked for anything, or somebody else, or elsewhere", async () => {
  using portal = await town();
  must(await ask(portal, zeca, "OPERADOR", { cnes: SECOND_CNES }));
  assertEquals(await way(portal), "nenhum nenhum nenhum -> estabelecimento");
  assertEquals((await standingAt(portal, zeca.cpf, CNES)).membership, null);
  assertEquals(await way(portal, "a", ""), "nenhum nenhum nenhum -> estabelecimento");
});

Deno.test("the way of the three steps, with a rejection at each", async () => {
  using portal = await town();
  const again = async () => (portal.advance(1), must(await ask(portal, zeca)));
  must(await reject(portal, (await again()).id, lia));
  assertEquals(await way(portal), "reprovada reprovada nenhum -> estabelecimento");
  const first = await again();
  assertEquals(await way(portal), "pendente pendente nenhum -> null");
  must(await approve(portal, first.establishmentRequest!, lia));
  assertEquals(await way(portal), "aprovada pendente nenhum -> null");
  must(await reject(portal, first.id, lia));
  assertEquals(await way(portal), "aprovada reprovada nenhum -> perfil");
  must(await approve(portal, (await again()).id, lia));
  assertEquals(await way(portal), "aprovada aprovada nenhum -> computador");
  must(await reject(portal, must(await askComputer(portal, zeca, "a")).id, lia));
  assertEquals(await way(portal), "aprovada aprovada reprovada -> computador");
  portal.advance(1);
  const { id } = must(await askComputer(portal, zeca, "a"));
  assertEquals(await way(portal), "aprovada aprovada pendente -> null");
  must(await approve(portal, id, lia));
  assertEquals(await way(portal), "aprovada aprovada aprovada -> null");
});

Deno.test("the third step is about one computer: another browser, or none proven, has none", async () => {
  using portal = await town();
  await join(portal, zeca, "OPERADOR");
  await equip(portal, zeca, "a");
  for (const other of ["b", "", null]) {
    assertEquals(await way(portal, other), "aprovada aprovada nenhum -> computador");
  }
  portal.advance(1);
  must(await askComputer(portal, zeca, "b"));
  assertEquals(await way(portal, "a"), "aprovada aprovada aprovada -> null");
  const own = { cnes: CNES, cpf: zeca.cpf, thumbprint: "a" };
  must(await removeComputer(portal, { cpf: zeca.cpf }, own));
  assertEquals(await way(portal, "a"), "aprovada aprovada pendente -> null");
});

Deno.test("ended: everything that was approved is as never asked for", async () => {
  using portal = await town();
  must(await approve(portal, must(await ask(portal, zeca)).id, lia));
  await equip(portal, zeca, "a");
  const end = { cnes: CNES, cpf: zeca.cpf, reason: "Mudou de setor" };
  must(await endMembership(portal, { cpf: lia.cpf }, end));
  assertEquals(await way(portal), "nenhum nenhum nenhum -> estabelecimento");
  const { membership, computer, steps } = await standingAt(portal, zeca.cpf, CNES, "a");
  assertEquals([membership?.ended?.reason, computer], ["Mudou de setor", null]);
  assertEquals(steps.perfil.request?.state, "aprovada");
});

Deno.test("a computer that was left behind opens nothing without a profile", async () => {
  using portal = await town();
  await join(portal, zeca, "OPERADOR");
  await equip(portal, zeca, "a");
  await join(portal, zeca, null);
  assertEquals(await way(portal), "aprovada nenhum nenhum -> perfil");
  const membership = { cnes: CNES, cpf: zeca.cpf, profile: "OPERADOR", since: 1, by: "x" };
  const ended = { at: 1, by: "x", reason: "y" };
  await portal.kv.set(keys.membership(CNES, zeca.cpf), { ...membership, ended });
  assertEquals((await standingAt(portal, zeca.cpf, CNES, "a")).computer, null);
});

Deno.test("an appointment needs no requests", async () => {
  using portal = await town();
  await join(portal, zeca, "ADMINISTRADOR");
  assertEquals(await way(portal), "aprovada aprovada nenhum -> computador");
  assertEquals((await standingAt(portal, zeca.cpf, CNES)).steps.perfil.request, null);
});

Deno.test("places: where somebody is, was, or has asked, once each; not where others are", async () => {
  using portal = await town();
  assertEquals(await listPlacesOf(portal, zeca.cpf), []);
  must(await ask(portal, zeca, "OPERADOR", { cnes: BETA_CNES }));
  await join(portal, zeca, "OPERADOR", SECOND_CNES);
  must(await approve(portal, must(await ask(portal, zeca)).id, lia));
  const end = { cnes: CNES, cpf: zeca.cpf, reason: "Saiu" };
  must(await endMembership(portal, { cpf: rosa.cpf, represents: ALFA }, end));
  assertEquals(await listPlacesOf(portal, zeca.cpf), [CNES, SECOND_CNES, BETA_CNES]);
});
