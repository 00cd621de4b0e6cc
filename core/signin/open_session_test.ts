import { assertEquals } from "@std/assert";
import {
  ALFA,
  certificate,
  lia,
  must,
  PASSWORD,
  personOf,
  rosa,
  seedRepresentative,
  seedUser,
  selfRegister,
  showCertificate,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { cpfProofOf } from "../account/proof.ts";
import { BY_GOVBR, ONE_FACTOR, TWO_FACTORS } from "../config/mod.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { enter, govbrWorld } from "./govbr/world_testing.ts";
import { loginWithCertificatePassword, loginWithPassword } from "./password.ts";

const CLIENT = { address: "192.0.2.1", agent: "test" };

/** What the session says, as it is in the store. */
async function said({ kv }: { kv: Deno.Kv }, { id }: Session) {
  const { value } = await kv.get<Session<LoggedIn>>(keys.session(id));
  const { amr, acr, authenticatedAt } = value!.state;
  return [amr.join(" "), acr, authenticatedAt];
}

Deno.test("attack: who used gov.br once and enters by password has a session by password", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const byGovbr = must(await enter(deps, { cpf: lia.cpf })).session;
  assertEquals(await said(deps, byGovbr), ["govbr", BY_GOVBR, deps.now()]);
  deps.advance(1_000);
  const typed = { handle: lia.cpf, password: PASSWORD };
  const login = must(await loginWithPassword(deps, { ...CLIENT, session: null }, typed));
  assertEquals(await said(deps, login.session), ["pwd", ONE_FACTOR, deps.now()]);
  // The account keeps its proof all the same.
  assertEquals(cpfProofOf(deps, await personOf(deps, lia))?.by, "govbr");
});

Deno.test("each other way in says what was shown", async () => {
  await using world = await govbrWorld([]);
  const { deps } = world;
  const first = await seedRepresentative(deps);
  assertEquals(await said(deps, first), ["cert pwd", TWO_FACTORS, deps.now()]);
  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  const again = must(await loginWithCertificatePassword(deps, session, CLIENT, PASSWORD));
  assertEquals(await said(deps, again), ["cert pwd", TWO_FACTORS, deps.now()]);
  assertEquals(await said(deps, await seedUser(deps, lia)), ["pwd", ONE_FACTOR, deps.now()]);
  assertEquals(await said(deps, await selfRegister(deps, zeca)), ["pwd", ONE_FACTOR, deps.now()]);
  assertEquals(cpfProofOf(deps, await personOf(deps, rosa)), null);
});
