/** A stored proof that does not count any more: the level set has risen, or gov.br was turned off. */
import { assert, assertEquals } from "@std/assert";
import { speaksForProof } from "../account/credentials.ts";
import type { Deps } from "../deps.ts";
import {
  addUser,
  approve,
  ask,
  CNES,
  codeOf,
  must,
  personOf,
  seedDirector,
  seedEstablishment,
  seedProof,
  seedSession,
  seedWorld,
  standingOf,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getEstablishmentAccess } from "./establishment_access.ts";
import { reachOf } from "./invitations/accept.ts";
import { decidesWith, getMembership } from "./membership.ts";
import { directorAt } from "./requests/create.ts";

const at = (deps: Deps, level: "gold" | null): Deps => ({
  ...deps,
  config: { ...deps.config, govbr: level && { ...deps.config.govbr!, level } },
});

Deno.test("a proof that does not count is spoken for by no credential, at any door", async (t) => {
  using deps = await seedWorld();
  await seedDirector(deps, zeca);
  const director = await personOf(deps, zeca);
  const standing = standingOf(director);
  const membership = await getMembership(deps, CNES, director.id);
  const invitation = must(
    await addUser(deps, { ...zeca, email: "outra@ficticia.example" }),
  );
  const { state } = await seedSession(deps, zeca);
  const doors = (deps: Deps) => [
    speaksForProof(deps, director, standing),
    decidesWith(deps, membership, director, standing),
    reachOf(deps, director, state, invitation) !== null,
  ];
  assertEquals(doors(deps), [true, true, true]);
  for (const level of ["gold", null] as const) {
    await t.step(level ? "the level has risen" : "gov.br is off", () => {
      assertEquals(doors(at(deps, level)), [false, false, false]);
    });
  }
});

Deno.test("nor makes it anybody ADMINISTRADOR as the director", async () => {
  using deps = await seedWorld();
  await seedProof(deps, zeca);
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const person = await personOf(deps, zeca);
  const subject = { account: person.id, computer: null };
  const place = await getEstablishmentAccess(deps, subject, CNES);
  const standing = standingOf(person);
  assertEquals(await directorAt(deps, person, place, standing), "atOnce");
  const risen = at(deps, "gold");
  assertEquals(await directorAt(risen, person, place, standing), "unproven");
  const asked = must(await ask(risen, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(asked.state, "pendente");
  assert(codeOf(await approve(risen, asked.id, zeca)) !== "ok");
});
