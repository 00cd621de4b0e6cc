import { assert, assertEquals } from "@std/assert";
import { chooseOperadora } from "../../account/session.ts";
import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  CNES,
  codeOf,
  enterRepresentative,
  enterUser,
  ivo,
  lia,
  login,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  provisionalFor,
  rosa,
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { loadCaller } from "../caller.ts";
import { changeContactEmail } from "./contact_email.ts";
import { setUserActive } from "./deactivate_user.ts";
import { findUsers } from "./find_users.ts";
import { makeAdministrator } from "../membership.ts";
import { listGrants, listOperadorasOfUser, setGrants } from "./user.ts";

/** ALFA and BETA; Lia works for both and has chosen ALFA. */
async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  const session = await enterUser(portal, lia);
  must(await addUser(portal, lia, { cnpj: BETA, by: ivo }));
  return { portal, session: (await chooseOperadora(portal, session, ALFA))! };
}

async function setActive(portal: Portal, active: boolean, person = lia, cnpj = ALFA, by = rosa) {
  const [actor, operadora, target] = await Promise.all([
    personOf(portal, by),
    operadoraOf(portal, cnpj),
    personOf(portal, person),
  ]);
  return await setUserActive(portal, actor, operadora, target, active);
}

const operadoraNow = async (portal: Portal, session: Session<LoggedIn>) =>
  (await loadCaller(portal, session))?.operadora?.cnpj ?? null;

const subjectsTo = async (portal: Portal, person: WorldPerson) =>
  (await mailsTo(portal, person.email)).map(({ subject }) => subject);

Deno.test("J17: an open session loses the operadora at its next request; others stay", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  assertEquals(await operadoraNow(portal, session), ALFA);
  must(await setActive(portal, false));
  assertEquals(await operadoraNow(portal, session), null);
  assertEquals(await listOperadorasOfUser(portal, lia.cpf), [BETA]);
  const other = (await chooseOperadora(portal, session, BETA))!;
  assertEquals(await operadoraNow(portal, other), BETA);
  assert((await subjectsTo(portal, lia)).some((one) => /ALFABETA.* foi desativado/.test(one)));
  const [record] = (await auditRecords(portal)).filter((one) => one.event === "user.deactivated");
  assertEquals(record!.actor, (await personOf(portal, rosa)).id);
  const [found] = (await findUsers(portal, ALFA)).items;
  assertEquals(found!.tieActive, false);
});

Deno.test("reactivated: the same systems again, and it is told", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  must(await setActive(portal, false));
  must(await setActive(portal, true));
  assertEquals(await operadoraNow(portal, session), ALFA);
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib"]);
  assertEquals(await listOperadorasOfUser(portal, lia.cpf), [ALFA, BETA].sort());
  assert((await subjectsTo(portal, lia)).some((one) => /voltou/.test(one)));
});

Deno.test("twice is once", async () => {
  const { portal } = await peopled();
  using _ = portal;
  const answers = await Promise.all([setActive(portal, false), setActive(portal, false)]);
  assertEquals(answers.map(codeOf), ["ok", "ok"]);
  const told = (await subjectsTo(portal, lia)).filter((one) => /desativado/.test(one));
  assertEquals(told.length, 1);
});

Deno.test("one operadora switches nobody off at another, nor whom it does not know", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  must(await setActive(portal, false, lia, BETA, ivo));
  assertEquals(await operadoraNow(portal, session), ALFA);
  await enterUser(portal, zeca);
  assertEquals(codeOf(await setActive(portal, false, zeca, BETA, ivo)), "user_not_found");
  assertEquals(await listOperadorasOfUser(portal, zeca.cpf), [ALFA]);
});

Deno.test("a deactivated person is not registered twice, and not made ADMINISTRADOR", async () => {
  const { portal } = await peopled();
  using _ = portal;
  must(await setActive(portal, false));
  assertEquals(codeOf(await addUser(portal, lia)), "user_already_registered");
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  assertEquals(
    codeOf(await makeAdministrator(portal, actor, ALFA, person, CNES)),
    "user_not_found",
  );
});

Deno.test("systems taken: told by e-mail; one that left the list is not taken", async () => {
  const { portal } = await peopled();
  using _ = portal;
  await portal.kv.set(keys.grant(ALFA, lia.cpf, "antigo"), 1);
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  must(await setGrants(portal, actor, ALFA, person, []));
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["antigo"]);
  assert((await subjectsTo(portal, lia)).some((one) => /sistemas em ALFABETA.* mudaram/.test(one)));
});

async function moveContact(portal: Portal, email: string, person = caio, cnpj = ALFA, by = rosa) {
  const [actor, operadora, target] = await Promise.all([
    personOf(portal, by),
    operadoraOf(portal, cnpj),
    personOf(portal, person),
  ]);
  return await changeContactEmail(portal, actor, operadora, target, email);
}

Deno.test("a mended address: a new provisional password goes there, the old one ends", async () => {
  const { portal } = await peopled();
  using _ = portal;
  must(await addUser(portal, caio));
  const old = await provisionalFor(portal, caio.email);
  must(await moveContact(portal, "caio.certo@ficticia.example"));
  const { cpf } = caio;
  assertEquals(codeOf(await login(portal, { cpf, password: old })), "login_refused");
  const password = await provisionalFor(portal, "caio.certo@ficticia.example");
  assertEquals(must(await login(portal, { cpf, password })).next, "first_access");
  assert((await subjectsTo(portal, caio)).some((one) => /outro e-mail/.test(one)));
});

Deno.test("refused: no address, first access done, another operadora's too, too often", async () => {
  const { portal } = await peopled();
  using _ = portal;
  must(await addUser(portal, caio));
  const right = "caio.certo@ficticia.example";
  assertEquals(codeOf(await moveContact(portal, "caio")), "email_invalid");
  assertEquals(codeOf(await moveContact(portal, right, lia)), "first_access_done");
  assertEquals(codeOf(await moveContact(portal, right, caio, BETA, ivo)), "user_not_found");
  must(await addUser(portal, caio, { cnpj: BETA, by: ivo }));
  assertEquals(codeOf(await moveContact(portal, right, caio, BETA, ivo)), "user_of_others_too");
  // Switched off there it can be switched on again: still somebody else's key.
  must(await setActive(portal, false, caio));
  assertEquals(codeOf(await moveContact(portal, right, caio, BETA, ivo)), "user_of_others_too");
  assertEquals(await mailsTo(portal, right), []);
  must(await moveContactOften(portal));
  assertEquals(codeOf(await moveContact(portal, right, zeca)), "too_many_attempts");
});

async function moveContactOften(portal: Portal) {
  must(await addUser(portal, zeca));
  for (let i = 0; i < 4; i++) must(await moveContact(portal, `z${i}@ficticia.example`, zeca));
  return await moveContact(portal, "z9@ficticia.example", zeca);
}
