import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { createRequest } from "../access/requests/create.ts";
import { createComputerChallenge } from "../account/computer/proof.ts";
import {
  ALFA,
  askForHandoff,
  auditRecords,
  CLOSED_CNES,
  CNES,
  codeOf,
  DESTINATION,
  type Enabled,
  enableLia,
  GOVBR,
  idOf,
  interrupted,
  lia,
  makeComputer,
  must,
  nair,
  personOf,
  recognise,
  SECOND_CNES,
  seedEstablishment,
  seedRegistries,
  seedUser,
  signWith,
  systemsAt,
} from "@/tests/fixtures/mod.ts";
import { authenticationBy } from "../account/authentication.ts";
import { TERMS_VERSION } from "../account/terms.ts";
import { BY_GOVBR, ONE_FACTOR, type SystemMinimum, TWO_FACTORS } from "../config/mod.ts";
import { explain } from "../messages.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import { issueHandoff } from "./issue.ts";

const cadsus = { systems: systemsAt("https://cadsus.example/entrada") };

/** Changes a stored value for a while; null deletes it. */
async function meanwhile<T>(
  deps: Deps,
  key: Deno.KvKey,
  change: (value: T) => T | null,
  action: () => Promise<string>,
): Promise<string> {
  const { value } = await deps.kv.get<T>(key);
  assert(value !== null, `nothing at ${key}`);
  const changed = change(value!);
  if (changed === null) await deps.kv.delete(key);
  else await deps.kv.set(key, changed);
  const code = await action();
  await deps.kv.set(key, value);
  return code;
}

Deno.test("a token says who, where and from which computer, to one audience, for a minute", async () => {
  using deps = await seedRegistries(cadsus);
  const enabled = await enableLia(deps);
  const cns = { number: "299000000110004", quality: "alta", source: "consulta", at: 0 } as const;
  const person = { ...await personOf(deps, lia), cns };
  await deps.kv.set(keys.account(person.id), person);
  const { token, address, audience, issuedAt } = must(await askForHandoff(deps, enabled));
  assertEquals([address, audience], ["https://cadsus.example/entrada", "cadsus-web"]);
  const { jti, ...claims } = decodeJwt(token);
  assertEquals(claims, {
    iss: deps.config.origin,
    aud: "cadsus-web",
    sub: person.id,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 60,
    cpf_informed: lia.cpf,
    cpf_informed_by: `operadora:${ALFA}`,
    name: lia.name,
    cnes: CNES,
    profile: "OPERADOR",
    amr: ["pwd"],
    acr: ONE_FACTOR,
    auth_time: Math.floor(enabled.session.state.authenticatedAt / 1_000),
    cns: cns.number,
    cns_quality: "alta",
    cnf: { jkt: enabled.computer.thumbprint },
  });
  assertEquals(issuedAt, Math.floor(deps.now() / 1_000));
  assertEquals(jti?.length, 22);
  const { alg, typ } = decodeProtectedHeader(token);
  assertEquals([alg, typ], ["EdDSA", "habilita-handoff+jwt"]);
  assertNotEquals(decodeJwt(must(await askForHandoff(deps, enabled)).token).jti, jti);
});

Deno.test("whatever is missing closes the gate, with its own words", async (t) => {
  using deps = await seedRegistries(cadsus);
  const enabled = await enableLia(deps);
  const { session, computer } = enabled;
  const id = await idOf(deps, lia);
  const person = keys.account(id);
  const membership = keys.membership(CNES, id);
  const approved = keys.computer(CNES, id, computer.thumbprint);
  const terms = keys.termsAccepted(id, TERMS_VERSION);
  const ask = async (who: Enabled = enabled, to = DESTINATION) =>
    codeOf(await askForHandoff(deps, who, to));
  const change = <T extends object>(key: Deno.KvKey, part: Partial<T>) =>
    meanwhile<T>(deps, key, (value) => ({ ...value, ...part }), ask);
  const gone = (key: Deno.KvKey) => meanwhile(deps, key, () => null, ask);
  const closed = (active: boolean) => seedEstablishment(deps, { active });
  const elsewhere = (part: Partial<Enabled["session"]["state"]>) => ({
    ...enabled,
    session: { ...session, state: { ...session.state, ...part } },
  });
  const cns = { number: "299000000110004", quality: "baixa", source: "consulta", at: 0 } as const;
  const cases: [string, string, () => Promise<string>][] = [
    [
      "an unknown system",
      "handoff_system_unknown",
      () => ask(enabled, { ...DESTINATION, system: "x" }),
    ],
    [
      "a system behind no steps",
      "handoff_system_unknown",
      () => ask(enabled, { ...DESTINATION, system: "sib" }),
    ],
    ["a deactivated person", "handoff_person_inactive", () => change(person, { active: false })],
    ["old terms", "handoff_terms_missing", () => gone(terms)],
    [
      "no such establishment",
      "handoff_establishment_unknown",
      () => ask(enabled, { ...DESTINATION, cnes: "0000008" }),
    ],
    [
      "a closed establishment",
      "handoff_establishment_inactive",
      () => ask(enabled, { ...DESTINATION, cnes: CLOSED_CNES }),
    ],
    ["one that closes later", "handoff_establishment_inactive", async () => {
      await closed(false);
      return await ask().finally(() => closed(true));
    }],
    [
      "another establishment",
      "handoff_establishment_missing",
      () => ask(enabled, { ...DESTINATION, cnes: SECOND_CNES }),
    ],
    ["a step that waits", "handoff_waiting", async () => {
      const form = { cnes: SECOND_CNES, profile: "OPERADOR" };
      must(await createRequest(deps, await personOf(deps, lia), form, UNLIMITED));
      return await ask(enabled, { ...DESTINATION, cnes: SECOND_CNES });
    }],
    [
      "an ended membership",
      "handoff_establishment_missing",
      () => change(membership, { ended: { at: 0, by: "x", reason: "y" } }),
    ],
    ["no profile", "handoff_profile_missing", () => change(membership, { profile: null })],
    ["a removed computer", "handoff_computer_missing", () => gone(approved)],
    [
      "a session that knows no computer",
      "handoff_computer_missing",
      () => ask(elsewhere({ computer: undefined })),
    ],
    ["a low CNS", "handoff_cns_low", () => change<Account>(person, { cns })],
    [
      "a CNS of unknown quality",
      "ok",
      () => change<Account>(person, { cns: { ...cns, quality: "desconhecida" } }),
    ],
    ["nothing", "ok", () => ask()],
  ];
  for (const [name, code, attempt] of cases) {
    await t.step(name, async () => assertEquals(await attempt(), code));
  }
  assertEquals(
    (await auditRecords(deps)).filter(({ event }) => event === "handoff.issued").length,
    2,
  );
});

Deno.test("without an address of the system nobody is handed off", async () => {
  using deps = await seedRegistries({ systems: systemsAt(null) });
  const outcome = await askForHandoff(deps, await enableLia(deps));
  assertEquals(codeOf(outcome), "handoff_not_configured");
  if (!outcome.ok) assertStringIncludes(explain(outcome), "CadSUS Web");
});

Deno.test("the computer signs for this very request", async () => {
  using deps = await seedRegistries(cadsus);
  const enabled = await enableLia(deps);
  const { session, computer } = enabled;
  const challenge = (purpose: "login" | "handoff", sessionId = session.id) =>
    createComputerChallenge(deps, { purpose, sessionId });
  const attempt = async (asked: Awaited<ReturnType<typeof challenge>>, by = computer) =>
    codeOf(await issueHandoff(deps, session, DESTINATION, await signWith(by, asked)));
  assertEquals(await attempt(await challenge("login")), "computer_challenge_other_purpose");
  assertEquals(
    await attempt(await challenge("handoff", "another session")),
    "computer_challenge_other_session",
  );
  const once = await challenge("handoff");
  assertEquals(await attempt(once), "ok");
  assertEquals(await attempt(once), "computer_challenge_replayed");
  assertEquals(
    await attempt(await challenge("handoff"), await makeComputer()),
    "handoff_other_computer",
  );
  const late = await challenge("handoff");
  deps.advance(5 * 60_000);
  assertEquals(await attempt(late), "computer_challenge_expired");
});

Deno.test("another person, or another computer of hers, does not pass with this one's approval", async () => {
  using deps = await seedRegistries(cadsus);
  const { session, computer } = await enableLia(deps);
  const laptop = await makeComputer();
  const there = await recognise(deps, session, laptop);
  assertEquals(
    codeOf(await askForHandoff(deps, { session: there, computer: laptop })),
    "handoff_computer_missing",
  );
  const other = await recognise(deps, await seedUser(deps, nair), computer);
  assertEquals(
    codeOf(await askForHandoff(deps, { session: other, computer })),
    "handoff_establishment_missing",
  );
});

Deno.test("a change between the look and the commit is seen", async () => {
  using deps = await seedRegistries(cadsus);
  const enabled = await enableLia(deps);
  const id = await idOf(deps, lia);
  const removed = () => deps.kv.delete(keys.computer(CNES, id, enabled.computer.thumbprint));
  // The first commit spends the challenge.
  const racing = interrupted(deps, 2, removed);
  assertEquals(codeOf(await askForHandoff(racing, enabled)), "handoff_powers_changed");
});

Deno.test("what is written is one line of the log, without CPF or name, and what single use needs", async () => {
  using deps = await seedRegistries(cadsus);
  const enabled = await enableLia(deps);
  const before = new Set(await storedKeys(deps));
  const { token } = must(await askForHandoff(deps, enabled));
  const after = (await storedKeys(deps)).filter((key) => !before.has(key));
  assertEquals(
    new Set(after.map((key) => JSON.parse(key)[0])),
    new Set(["audit", "challenge_spent", "handoff", "handoff_keys"]),
  );
  const { sub, jti } = decodeJwt(token);
  const line = (await auditRecords(deps)).find(({ event }) => event === "handoff.issued")!;
  assertEquals([line.actor, line.subject, line.detail.jti], [sub, "cadsus-web", jti]);
  const text = JSON.stringify(line);
  for (const secret of [lia.cpf, lia.name, token]) assertEquals(text.includes(secret), false);
});

/** CadSUS Web with a minimum, at a portal with gov.br; Lia's account has used gov.br at `level`. */
async function withMinimum(minimum: Partial<SystemMinimum>, level: "bronze" | "silver" | null) {
  const systems = systemsAt("https://cadsus.example/entrada", {
    minimum: { acr: ONE_FACTOR, cpf: "any", ...minimum },
  });
  const deps = await seedRegistries({ systems, govbr: GOVBR });
  const enabled = await enableLia(deps);
  const person = await personOf(deps, lia);
  if (level) {
    const used = { level, at: 1 };
    const proof = level === "bronze" ? null : { by: "govbr", ...used } as const;
    await deps.kv.set(keys.account(person.id), { ...person, govbr: used, proof });
  }
  return { deps, enabled };
}

/** The session as it would be, begun in another way. */
function begun({ session, computer }: Enabled, ...how: Parameters<typeof authenticationBy>) {
  return {
    computer,
    session: { ...session, state: { ...session.state, ...authenticationBy(...how) } },
  };
}

Deno.test("attack: a password session of an account that once used gov.br says nothing of gov.br", async () => {
  const { deps, enabled } = await withMinimum({}, "silver");
  using _ = deps;
  const claims = decodeJwt(must(await askForHandoff(deps, enabled)).token);
  assertEquals([claims.amr, claims.acr], [["pwd"], ONE_FACTOR]);
  // Of the account it does say so; of the session it does not.
  assertEquals([claims.cpf, claims.cpf_proof], [lia.cpf, "govbr:silver"]);
  assertEquals("cpf_informed" in claims, false);
  const byGovbr = begun(enabled, deps, "govbr", "silver");
  const said = decodeJwt(must(await askForHandoff(deps, byGovbr)).token);
  assertEquals([said.amr, said.acr], [["govbr"], BY_GOVBR]);
});

Deno.test("attack: gov.br below the level that is set proves no CPF", async () => {
  const { deps, enabled } = await withMinimum({}, "bronze");
  using _ = deps;
  const claims = decodeJwt(must(await askForHandoff(deps, enabled)).token);
  assertEquals([claims.cpf, claims.cpf_proof], [undefined, undefined]);
  assertEquals([claims.cpf_informed, claims.cpf_informed_by], [lia.cpf, "govbr:bronze"]);
});

Deno.test("a system's minimum keeps out whoever does not reach it, and says what to do", async (t) => {
  type Case = [
    Partial<SystemMinimum>,
    "silver" | null,
    Parameters<typeof authenticationBy>[1],
    string,
  ];
  const cases: Case[] = [
    [{ cpf: "proved" }, null, "password", "handoff_cpf_unproved"],
    [{ cpf: "proved" }, null, "certificate", "handoff_cpf_unproved"],
    [{ cpf: "proved" }, "silver", "password", "ok"],
    [{ acr: TWO_FACTORS }, "silver", "password", "handoff_second_factor_missing"],
    [{ acr: TWO_FACTORS }, null, "certificate", "ok"],
    [{ acr: TWO_FACTORS }, "silver", "govbr", "ok"],
    [{ acr: BY_GOVBR }, "silver", "password", "handoff_govbr_missing"],
    [{ acr: BY_GOVBR }, "silver", "certificate", "handoff_govbr_missing"],
    [{ acr: BY_GOVBR }, "silver", "govbr", "ok"],
  ];
  for (const [minimum, level, method, code] of cases) {
    await t.step(`${JSON.stringify(minimum)} ${level} ${method}`, async () => {
      const { deps, enabled } = await withMinimum(minimum, level);
      using _ = deps;
      const at = begun(enabled, deps, method, method === "govbr" ? "silver" : undefined);
      const outcome = await askForHandoff(deps, at);
      assertEquals(codeOf(outcome), code);
      const advice = code === "handoff_cpf_unproved" ? "Comprovar o CPF" : "entre de novo";
      if (!outcome.ok) assertStringIncludes(explain(outcome), advice);
    });
  }
});

Deno.test("a proof that is lost between the look and the commit is seen", async () => {
  const { deps, enabled } = await withMinimum({ cpf: "proved" }, "silver");
  using _ = deps;
  const person = await personOf(deps, lia);
  const unproved = { ...person, proof: null };
  const lost = () => deps.kv.set(keys.account(person.id), unproved);
  const racing = interrupted(deps, 2, lost);
  assertEquals(codeOf(await askForHandoff(racing, enabled)), "handoff_powers_changed");
});

async function storedKeys(deps: Deps): Promise<string[]> {
  return (await Array.fromAsync(deps.kv.list({ prefix: [] }))).map(({ key }) =>
    JSON.stringify(key)
  );
}
