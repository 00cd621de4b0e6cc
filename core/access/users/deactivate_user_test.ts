import { assert, assertEquals } from "@std/assert";
import { chooseOperadora } from "../../account/session.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  certificate,
  CNES,
  codeOf,
  idOf,
  ivo,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedTie,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { loadCaller } from "../caller.ts";
import { revokeInvitation } from "../invitations/invite.ts";
import { setUserActive } from "./deactivate_user.ts";
import { findUsers } from "./find_users.ts";
import { makeAdministrator } from "../change_membership.ts";
import { listGrants, setGrants } from "./grants.ts";
import { listOperadorasOfUser } from "../../account/operadoras.ts";

/** ALFA and BETA; Lia works for both and has chosen ALFA. */
async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const session = await seedUser(deps, lia);
  await seedTie(deps, lia, BETA);
  return { deps, session: (await chooseOperadora(deps, session, ALFA))! };
}

async function setActive(deps: Deps, active: boolean, person = lia, cnpj = ALFA, by = rosa) {
  const [actor, operadora, target] = await Promise.all([
    personOf(deps, by),
    operadoraOf(deps, cnpj),
    personOf(deps, person),
  ]);
  return await setUserActive(deps, actor, operadora, target, active);
}

const operadoraNow = async (deps: Deps, session: Session<LoggedIn>) =>
  (await loadCaller(deps, session))?.operadora?.cnpj ?? null;

const subjectsTo = async (deps: Deps, person: TestPerson) =>
  (await mailsTo(deps, person.email)).map(({ subject }) => subject);

Deno.test("J17: an open session loses the operadora at its next request; others stay", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  assertEquals(await operadoraNow(deps, session), ALFA);
  must(await setActive(deps, false));
  assertEquals(await operadoraNow(deps, session), null);
  assertEquals(await listOperadorasOfUser(deps, await idOf(deps, lia)), [BETA]);
  const other = (await chooseOperadora(deps, session, BETA))!;
  assertEquals(await operadoraNow(deps, other), BETA);
  assert((await subjectsTo(deps, lia)).some((one) => /ALFABETA.* foi desativado/.test(one)));
  const [record] = (await auditRecords(deps)).filter((one) => one.event === "user.deactivated");
  assertEquals(record!.actor, (await personOf(deps, rosa)).id);
  const [found] = (await findUsers(deps, ALFA)).items;
  assertEquals(found!.active, false);
});

Deno.test("reactivated: the same systems again, and it is told", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  must(await setActive(deps, false));
  must(await setActive(deps, true));
  assertEquals(await operadoraNow(deps, session), ALFA);
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  assertEquals(await listOperadorasOfUser(deps, await idOf(deps, lia)), [ALFA, BETA].sort());
  assert((await subjectsTo(deps, lia)).some((one) => /voltou/.test(one)));
});

Deno.test("twice is once", async () => {
  const { deps } = await peopled();
  using _ = deps;
  const answers = await Promise.all([setActive(deps, false), setActive(deps, false)]);
  assertEquals(answers.map(codeOf), ["ok", "ok"]);
  const told = (await subjectsTo(deps, lia)).filter((one) => /desativado/.test(one));
  assertEquals(told.length, 1);
});

Deno.test("one operadora switches nobody off at another, nor whom it does not know", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  must(await setActive(deps, false, lia, BETA, ivo));
  assertEquals(await operadoraNow(deps, session), ALFA);
  await seedUser(deps, zeca);
  assertEquals(codeOf(await setActive(deps, false, zeca, BETA, ivo)), "user_not_found");
  assertEquals(await listOperadorasOfUser(deps, await idOf(deps, zeca)), [ALFA]);
});

Deno.test("a deactivated person is not registered twice, and not made ADMINISTRADOR", async () => {
  const { deps } = await peopled();
  using _ = deps;
  must(await setActive(deps, false));
  assertEquals(codeOf(await addUser(deps, lia)), "user_switched_off");
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  assertEquals(
    codeOf(await makeAdministrator(deps, actor, ALFA, person, CNES)),
    "user_not_found",
  );
});

Deno.test("systems taken: told by e-mail; one that left the list is not taken", async () => {
  const { deps } = await peopled();
  using _ = deps;
  await deps.kv.set(keys.grant(ALFA, await idOf(deps, lia), "antigo"), 1);
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  must(await setGrants(deps, actor, ALFA, person, []));
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["antigo"]);
  assert((await subjectsTo(deps, lia)).some((one) => /sistemas em ALFABETA.* mudaram/.test(one)));
});

Deno.test("a tie that is off does not come back beside another invitation or account for its CPF", async () => {
  const { deps } = await peopled();
  using _ = deps;
  must(await setActive(deps, false));
  const other = { ...lia, email: "lia.certa@ficticia.example" };
  const invitation = must(await addUser(deps, other));
  assertEquals(codeOf(await setActive(deps, true)), "user_replaced");
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  must(await revokeInvitation(deps, actor, alfa, invitation.id));
  must(await setActive(deps, true));
  assertEquals(codeOf(await addUser(deps, other)), "user_already_registered");
});
