import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chooseOperadora } from "@/core/account/session.ts";
import { getEstablishment } from "@/core/registry/establishment.ts";
import {
  ALFA,
  BETA_CNES,
  CNES,
  lia,
  seedEstablishment,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const FREE = "0000021";
const PATH = "/estabelecimentos";

async function opened() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  const session = await seedRepresentative(deps);
  await seedEstablishment(deps, { nome: "Hospital <Livre>" }, FREE);
  return { deps, handle, client: await new Client(deps, handle).enter(session) };
}

Deno.test("the representative sees the operadora's establishments and binds another", async () => {
  const { deps, client } = await opened();
  using _ = deps;
  const before = await client.get(PATH);
  assertEquals(before.status, 200);
  for (const text of [CNES, "São José – SC", "Desativado no CNES"]) {
    assertStringIncludes(before.text, text);
  }
  assert(!before.text.includes(FREE) && !before.text.includes(BETA_CNES));

  const bound = await client.post(PATH, { cnes: FREE });
  assertEquals([bound.status, bound.location], [303, `${PATH}?aviso=ligado`]);
  const after = await client.get(bound.location!);
  assertStringIncludes(after.text, "Estabelecimento ligado à operadora");
  assertStringIncludes(after.text, "Hospital &lt;Livre");
  assertEquals((await getEstablishment(deps, FREE))?.operadora, ALFA);
  // The form posted twice binds once.
  assertEquals((await client.post(PATH, { cnes: FREE })).status, 422);
});

Deno.test("what cannot be bound is said beside the number as typed", async () => {
  const { deps, client } = await opened();
  using _ = deps;
  for (
    const [cnes, text] of [
      ["", "Digite os 7 números"],
      ["12<3", "Digite os 7 números"],
      ["7777777", "Nenhum estabelecimento com este número"],
      [BETA_CNES, "está ligado a outra operadora"],
      [CNES, "já está ligado a esta operadora"],
    ]
  ) {
    const answer = await client.post(PATH, { cnes: cnes! });
    assertEquals(answer.status, 422, cnes);
    assertStringIncludes(answer.text, text!);
    if (/^\d+$/.test(cnes!)) assertStringIncludes(answer.text, `value="${cnes}"`);
    assert(!answer.text.includes("12<3"));
  }
  assertEquals((await getEstablishment(deps, BETA_CNES))?.operadora !== ALFA, true);
});

Deno.test("who is not the representative neither sees the page nor binds", async () => {
  const { deps, handle } = await opened();
  using _ = deps;
  const session = await chooseOperadora(deps, await seedUser(deps, lia), ALFA);
  const user = await new Client(deps, handle).enter(session!);
  assertEquals((await user.get("/painel")).status, 200);
  const stranger = new Client(deps, handle);
  assertEquals((await user.get(PATH)).status, 403);
  assertEquals((await user.post(PATH, { cnes: FREE })).status, 403);
  assertEquals((await stranger.get(PATH)).location, "/entrar?fim");
  assertEquals((await stranger.post(PATH, { cnes: FREE })).location, "/entrar?fim");
  assertEquals((await getEstablishment(deps, FREE))?.operadora, null);
});
