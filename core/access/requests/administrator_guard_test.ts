import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  CNES,
  codeOf,
  idOf,
  lia,
  must,
  personOf,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { decideRequest } from "./decide.ts";
import { getMembership } from "../membership.ts";
import { createRequest } from "./create.ts";
import { getRequest } from "./request.ts";

/** Zeca's request at Lia's establishment, for the profile that no form offers. */
async function prepare() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedMember(deps, lia);
  await seedUser(deps, zeca);
  const form = { cnes: CNES, profile: "OPERADOR" };
  const request = must(await createRequest(deps, await personOf(deps, zeca), form, UNLIMITED));
  await deps.kv.set(keys.request(request.id), { ...request, profile: "ADMINISTRADOR" });
  return { deps, requestId: request.id };
}

Deno.test("ADMINISTRADOR is not granted from a chat, whoever taps", async () => {
  const { deps, requestId } = await prepare();
  using _ = deps;
  const by = await idOf(deps, lia);
  const approval = { requestId, outcome: "aprovada", by } as const;
  const tapped = await decideRequest(deps, { ...approval, via: "telegram", standing: UNLIMITED });
  assertEquals(codeOf(tapped), "administrator_on_site");
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
  assertEquals((await getRequest(deps, requestId))?.state, "pendente");
});

Deno.test("ADMINISTRADOR may be refused from a chat", async () => {
  const { deps, requestId } = await prepare();
  using _ = deps;
  const by = await idOf(deps, lia);
  const rejection = { requestId, outcome: "reprovada", reason: "Não", by } as const;
  must(await decideRequest(deps, { ...rejection, via: "telegram", standing: UNLIMITED }));
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
});
