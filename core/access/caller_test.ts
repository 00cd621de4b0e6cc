import { assertEquals } from "@std/assert";
import { chooseOperadora } from "../account/session.ts";
import { acceptTerms, TERMS_VERSION } from "../account/terms.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  DAY,
  deactivate,
  enterRepresentative,
  enterUser,
  importEdition,
  ivo,
  lia,
  login,
  must,
  nair,
  PASSWORD,
  personOf,
  rosa,
  UNKNOWN_CNPJ,
  world,
  zeca,
} from "../testing_world.ts";
import { loadCaller } from "./caller.ts";
import { listGrants, listOperadorasOfUser } from "./users/user.ts";

type World = Awaited<ReturnType<typeof world>>;

/** Lia works for both operadoras, Caio for ALFA. */
async function peopled() {
  const portal = await world();
  const representative = await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  const session = await enterUser(portal, lia, { systems: ["sib"] });
  must(await addUser(portal, lia, { cnpj: BETA, by: ivo, systems: ["tiss"] }));
  await enterUser(portal, caio);
  return { portal, representative, session };
}

async function choose(portal: World, session: Session<LoggedIn>, cnpj: string) {
  return (await chooseOperadora(portal, session, cnpj))!;
}

/** What a session may do: the operadora it acts for, and whether as its representative. */
async function powers(portal: World, session: Session<LoggedIn>) {
  const caller = await loadCaller(portal, session);
  return caller && [caller.operadora?.cnpj ?? null, caller.isRepresentative];
}

Deno.test("J8: one password for all operadoras; a choice shows what was granted there", async () => {
  const { portal } = await peopled();
  using _ = portal;
  const entry = must(await login(portal, { cpf: lia.cpf, password: PASSWORD }));
  let session = entry.session as Session<LoggedIn>;
  assertEquals(await powers(portal, session), [null, false]);
  assertEquals((await listOperadorasOfUser(portal, lia.cpf)).sort(), [ALFA, BETA].sort());
  for (const [cnpj, granted] of [[ALFA, "sib"], [BETA, "tiss"]] as const) {
    session = await choose(portal, session, cnpj);
    assertEquals(await powers(portal, session), [cnpj, false]);
    assertEquals(await listGrants(portal, cnpj, lia.cpf), [granted]);
  }
});

Deno.test("an operadora that is not one's own, or none at all, gives no powers", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const entry = must(await login(portal, { cpf: caio.cpf, password: PASSWORD }));
  const foreign = await choose(portal, entry.session as Session<LoggedIn>, BETA);
  assertEquals(await powers(portal, foreign), [null, false]);
  let own = session;
  for (const cnpj of [UNKNOWN_CNPJ, "", "../x", `${ALFA} `]) {
    own = await choose(portal, own, cnpj);
    assertEquals(await powers(portal, own), [null, false], cnpj);
  }
});

Deno.test("a person taken from an operadora loses it at the next request", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const chosen = await choose(portal, session, BETA);
  assertEquals(await powers(portal, chosen), [BETA, false]);
  await portal.kv.delete(keys.userOfOperadora(BETA, lia.cpf));
  assertEquals(await powers(portal, chosen), [null, false]);
});

Deno.test("a deactivated person, or one who is gone, is nobody at the next request", async () => {
  const { portal, session, representative } = await peopled();
  using _ = portal;
  await deactivate(portal, lia);
  assertEquals(await powers(portal, session), null);
  await portal.kv.delete(keys.person(rosa.cpf));
  assertEquals(await powers(portal, representative), null);
});

Deno.test("an operadora that leaves CADOP is lost to everybody", async () => {
  const { portal, session, representative } = await peopled();
  using _ = portal;
  const chosen = await choose(portal, session, ALFA);
  await importEdition(portal, { [ALFA]: null });
  assertEquals(await powers(portal, chosen), [null, false]);
  assertEquals(await powers(portal, representative), [null, false]);
});

Deno.test("the representative has powers only with the certificate, and only for its company", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  assertEquals(await powers(portal, representative), [ALFA, true]);
  const entry = must(await login(portal, { cpf: rosa.cpf, password: PASSWORD }));
  const byPassword = await choose(portal, entry.session as Session<LoggedIn>, ALFA);
  assertEquals(await powers(portal, byPassword), [null, false]);
  const elsewhere = await choose(portal, representative, BETA);
  assertEquals(await powers(portal, elsewhere), [null, false]);
});

Deno.test("a representative who works for another operadora is an ordinary person there", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  must(await addUser(portal, rosa, { cnpj: BETA, by: ivo }));
  const elsewhere = await choose(portal, representative, BETA);
  assertEquals(await powers(portal, elsewhere), [BETA, false]);
  assertEquals(await powers(portal, await choose(portal, elsewhere, ALFA)), [ALFA, true]);
});

Deno.test("the powers end with the certificate: expired, or another one registered", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  const registered = keys.certificateOfOperadora(ALFA);
  const before = (await portal.kv.get(registered)).value;
  await portal.kv.set(registered, { sha256: "f".repeat(64), notAfter: 0, registeredAt: 0 });
  assertEquals(await powers(portal, representative), [null, false]);
  await portal.kv.set(registered, before);
  assertEquals(await powers(portal, representative), [ALFA, true]);
  portal.advance(366 * DAY);
  assertEquals(await powers(portal, representative), [null, false]);
});

Deno.test("J16: the powers end when CADOP names somebody else, not when it spells the name in another way", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  await importEdition(portal, { [ALFA]: { Representante: "ROSA MARIA IMAGINÁRIA" } });
  assertEquals(await powers(portal, representative), [ALFA, true]);
  for (const name of [nair.name, "", "Rosa Maria"]) {
    await importEdition(portal, { [ALFA]: { Representante: name } });
    assertEquals(await powers(portal, representative), [null, false], name);
  }
});

Deno.test("a session of somebody with another's certificate has no powers", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  const borrowed = {
    ...representative,
    state: { ...representative.state, cpf: caio.cpf },
  };
  assertEquals(await powers(portal, borrowed), [ALFA, false]);
  const stranger = { ...borrowed, state: { ...borrowed.state, cpf: zeca.cpf } };
  assertEquals(await powers(portal, stranger), null);
});

Deno.test("a certificate opens its own company, whatever is registered elsewhere", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  await importEdition(portal, { [BETA]: { Representante: rosa.name } });
  for (const key of [keys.representative, keys.certificateOfOperadora]) {
    await portal.kv.set(key(BETA), (await portal.kv.get(key(ALFA))).value);
  }
  const elsewhere = await choose(portal, representative, BETA);
  assertEquals(await powers(portal, elsewhere), [null, false]);
});

Deno.test("new terms are asked of everyone; accepting them twice leaves one record", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  assertEquals((await loadCaller(portal, session))?.termsAccepted, true);
  await portal.kv.delete(keys.termsAccepted(lia.cpf, TERMS_VERSION));
  await portal.kv.set(keys.termsAccepted(lia.cpf, "2020-01-01"), 1);
  assertEquals((await loadCaller(portal, session))?.termsAccepted, false);
  const person = await personOf(portal, lia);
  await Promise.all([acceptTerms(portal, person), acceptTerms(portal, person)]);
  assertEquals((await loadCaller(portal, session))?.termsAccepted, true);
  const accepted = (await auditRecords(portal)).filter(({ event }) => event === "terms.accepted");
  assertEquals(accepted.map(({ actor }) => actor), [person.id]);
});
