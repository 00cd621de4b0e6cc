import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { createRequest } from "../access/requests/create.ts";
import { createComputerChallenge } from "../account/computer/proof.ts";
import {
  askForHandoff,
  auditRecords,
  CLOSED_CNES,
  CNES,
  codeOf,
  DESTINATION,
  type Enabled,
  enableLia,
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
import { TERMS_VERSION } from "../account/terms.ts";
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
  await deps.kv.set(keys.account(lia.cpf), person);
  const { token, address, audience, issuedAt } = must(await askForHandoff(deps, enabled));
  assertEquals([address, audience], ["https://cadsus.example/entrada", "https://cadsus.example"]);
  const { jti, ...claims } = decodeJwt(token);
  assertEquals(claims, {
    iss: deps.config.origin,
    aud: "https://cadsus.example",
    sub: person.id,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 60,
    cpf: lia.cpf,
    name: lia.name,
    cnes: CNES,
    profile: "OPERADOR",
    identified_by: "operadora",
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
  const person = keys.account(lia.cpf);
  const membership = keys.membership(CNES, lia.cpf);
  const approved = keys.computer(CNES, lia.cpf, computer.thumbprint);
  const terms = keys.termsAccepted(lia.cpf, TERMS_VERSION);
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
      must(await createRequest(deps, await personOf(deps, lia), form));
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
  const removed = () => deps.kv.delete(keys.computer(CNES, lia.cpf, enabled.computer.thumbprint));
  // The first two commits make and spend the challenge.
  const racing = interrupted(deps, 3, removed);
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
    new Set(["audit", "challenge", "handoff", "handoff_keys"]),
  );
  const { sub, jti } = decodeJwt(token);
  const line = (await auditRecords(deps)).find(({ event }) => event === "handoff.issued")!;
  assertEquals([line.actor, line.subject, line.detail.jti], [sub, "cadsus-web", jti]);
  const text = JSON.stringify(line);
  for (const secret of [lia.cpf, lia.name, token]) assertEquals(text.includes(secret), false);
});

async function storedKeys(deps: Deps): Promise<string[]> {
  return (await Array.fromAsync(deps.kv.list({ prefix: [] }))).map(({ key }) =>
    JSON.stringify(key)
  );
}
