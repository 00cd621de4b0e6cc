import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  CNES,
  codeOf,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  lia,
  must,
  personOf,
  world,
  zeca,
} from "../../testing_world.ts";
import { decideRequest } from "./decide.ts";
import { getMembership } from "../membership.ts";
import { createRequest } from "./create.ts";
import { getRequest } from "./request.ts";

/** Zeca's request at Lia's establishment, for the profile that no form offers. */
async function prepare() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterAdministrator(portal, lia);
  await enterUser(portal, zeca);
  const form = { cnes: CNES, profile: "OPERADOR" };
  const request = must(await createRequest(portal, await personOf(portal, zeca), form));
  await portal.kv.set(keys.request(request.id), { ...request, profile: "ADMINISTRADOR" });
  return { portal, requestId: request.id };
}

Deno.test("ADMINISTRADOR is not granted from a chat, whoever taps", async () => {
  const { portal, requestId } = await prepare();
  using _ = portal;
  const approval = { requestId, outcome: "aprovada", by: lia.cpf } as const;
  const tapped = await decideRequest(portal, { ...approval, via: "telegram" });
  assertEquals(codeOf(tapped), "administrator_on_site");
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
  assertEquals((await getRequest(portal, requestId))?.state, "pendente");
});

Deno.test("ADMINISTRADOR may be refused from a chat", async () => {
  const { portal, requestId } = await prepare();
  using _ = portal;
  const rejection = { requestId, outcome: "reprovada", reason: "Não", by: lia.cpf } as const;
  must(await decideRequest(portal, { ...rejection, via: "telegram" }));
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
});
