import { assertEquals } from "@std/assert";
import { newAccountId } from "../account/account.ts";
import { chooseOperadora } from "../account/session.ts";
import { acceptTerms, TERMS_VERSION } from "../account/terms.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import {
  addAccount,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  DAY,
  deactivate,
  idOf,
  importEdition,
  ivo,
  lia,
  login,
  must,
  nair,
  PASSWORD,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";
import { loadCaller } from "./caller.ts";
import { listGrants } from "./users/grants.ts";
import { listOperadorasOfUser } from "../account/operadoras.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** Lia works for both operadoras, Caio for ALFA. */
async function peopled() {
  const deps = await seedRegistries();
  const representative = await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const session = await seedUser(deps, lia, ["sib"]);
  await addAccount(deps, lia, { cnpj: BETA, systems: ["tiss"] });
  await seedUser(deps, caio);
  return { deps, representative, session };
}

async function choose(deps: World, session: Session<LoggedIn>, cnpj: string) {
  return (await chooseOperadora(deps, session, cnpj))!;
}

/** What a session may do: the operadora it acts for, and whether as its representative. */
async function powers(deps: World, session: Session<LoggedIn>) {
  const caller = await loadCaller(deps, session);
  return caller && [caller.operadora?.cnpj ?? null, caller.isRepresentative];
}

Deno.test("J8: one password for all operadoras; a choice shows what was granted there", async () => {
  const { deps } = await peopled();
  using _ = deps;
  const entry = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  let session = entry.session as Session<LoggedIn>;
  assertEquals(await powers(deps, session), [null, false]);
  assertEquals(
    (await listOperadorasOfUser(deps, await idOf(deps, lia))).sort(),
    [ALFA, BETA].sort(),
  );
  for (const [cnpj, granted] of [[ALFA, "sib"], [BETA, "tiss"]] as const) {
    session = await choose(deps, session, cnpj);
    assertEquals(await powers(deps, session), [cnpj, false]);
    assertEquals(await listGrants(deps, cnpj, await idOf(deps, lia)), [granted]);
  }
});

Deno.test("an operadora that is not one's own, or none at all, gives no powers", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const entry = must(await login(deps, { cpf: caio.cpf, password: PASSWORD }));
  const foreign = await choose(deps, entry.session as Session<LoggedIn>, BETA);
  assertEquals(await powers(deps, foreign), [null, false]);
  let own = session;
  for (const cnpj of [UNKNOWN_CNPJ, "", "../x", `${ALFA} `]) {
    own = await choose(deps, own, cnpj);
    assertEquals(await powers(deps, own), [null, false], cnpj);
  }
});

Deno.test("a person taken from an operadora loses it at the next request", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const chosen = await choose(deps, session, BETA);
  assertEquals(await powers(deps, chosen), [BETA, false]);
  await deps.kv.delete(keys.userOfOperadora(BETA, await idOf(deps, lia)));
  assertEquals(await powers(deps, chosen), [null, false]);
});

Deno.test("a deactivated person, or one who is gone, is nobody at the next request", async () => {
  const { deps, session, representative } = await peopled();
  using _ = deps;
  await deactivate(deps, lia);
  assertEquals(await powers(deps, session), null);
  await deps.kv.delete(keys.account(await idOf(deps, rosa)));
  assertEquals(await powers(deps, representative), null);
});

Deno.test("an operadora that leaves CADOP is lost to everybody", async () => {
  const { deps, session, representative } = await peopled();
  using _ = deps;
  const chosen = await choose(deps, session, ALFA);
  await importEdition(deps, { [ALFA]: null });
  assertEquals(await powers(deps, chosen), [null, false]);
  assertEquals(await powers(deps, representative), [null, false]);
});

Deno.test("the representative has powers only with the certificate, and only for its company", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  assertEquals(await powers(deps, representative), [ALFA, true]);
  const entry = must(await login(deps, { cpf: rosa.cpf, password: PASSWORD }));
  const byPassword = await choose(deps, entry.session as Session<LoggedIn>, ALFA);
  assertEquals(await powers(deps, byPassword), [null, false]);
  const elsewhere = await choose(deps, representative, BETA);
  assertEquals(await powers(deps, elsewhere), [null, false]);
});

Deno.test("a representative who works for another operadora is an ordinary person there", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  await addAccount(deps, rosa, { cnpj: BETA });
  const elsewhere = await choose(deps, representative, BETA);
  assertEquals(await powers(deps, elsewhere), [BETA, false]);
  assertEquals(await powers(deps, await choose(deps, elsewhere, ALFA)), [ALFA, true]);
});

Deno.test("the powers end with the certificate: expired, or another one registered", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  const registered = keys.certificateOfOperadora(ALFA);
  const before = (await deps.kv.get(registered)).value;
  await deps.kv.set(registered, { sha256: "f".repeat(64), notAfter: 0, registeredAt: 0 });
  assertEquals(await powers(deps, representative), [null, false]);
  await deps.kv.set(registered, before);
  assertEquals(await powers(deps, representative), [ALFA, true]);
  deps.advance(366 * DAY);
  assertEquals(await powers(deps, representative), [null, false]);
});

Deno.test("J16: the powers end when CADOP names somebody else, not when it spells the name in another way", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  await importEdition(deps, { [ALFA]: { Representante: "ROSA MARIA IMAGINÁRIA" } });
  assertEquals(await powers(deps, representative), [ALFA, true]);
  for (const name of [nair.name, "", "Rosa Maria"]) {
    await importEdition(deps, { [ALFA]: { Representante: name } });
    assertEquals(await powers(deps, representative), [null, false], name);
  }
});

Deno.test("a session of somebody with another's certificate has no powers", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  const borrowed = {
    ...representative,
    state: { ...representative.state, account: await idOf(deps, caio) },
  };
  assertEquals(await powers(deps, borrowed), [ALFA, false]);
  const nobody = newAccountId(deps.now());
  const stranger = { ...borrowed, state: { ...borrowed.state, account: nobody } };
  assertEquals(await powers(deps, stranger), null);
});

Deno.test("a certificate opens its own company, whatever is registered elsewhere", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  await importEdition(deps, { [BETA]: { Representante: rosa.name } });
  for (const key of [keys.representative, keys.certificateOfOperadora]) {
    await deps.kv.set(key(BETA), (await deps.kv.get(key(ALFA))).value);
  }
  const elsewhere = await choose(deps, representative, BETA);
  assertEquals(await powers(deps, elsewhere), [null, false]);
});

Deno.test("new terms are asked of everyone; accepting them twice leaves one record", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  assertEquals((await loadCaller(deps, session))?.termsAccepted, true);
  await deps.kv.delete(keys.termsAccepted(await idOf(deps, lia), TERMS_VERSION));
  await deps.kv.set(keys.termsAccepted(await idOf(deps, lia), "2020-01-01"), 1);
  assertEquals((await loadCaller(deps, session))?.termsAccepted, false);
  const person = await personOf(deps, lia);
  await Promise.all([acceptTerms(deps, person), acceptTerms(deps, person)]);
  assertEquals((await loadCaller(deps, session))?.termsAccepted, true);
  const accepted = (await auditRecords(deps)).filter(({ event }) => event === "terms.accepted");
  assertEquals(accepted.map(({ actor }) => actor), [person.id]);
});
