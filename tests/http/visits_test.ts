import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import { SESSION_COOKIE } from "@/core/account/session.ts";
import { CHALLENGE_LIFETIME } from "@/core/challenge.ts";
import { createComputerChallenge } from "@/core/account/computer/proof.ts";
import { createChallenge } from "@/core/certificate/login.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import { list } from "@/core/store/read.ts";
import { govbrWorld } from "@/core/signin/govbr/world_testing.ts";
import type { TestDeps } from "@/tests/fixtures/deps.ts";
import { lia } from "@/tests/fixtures/mod.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import { issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { testApp } from "../support/app.ts";
import type { Handle } from "../support/check_trips.ts";
import { type Access, PERMISSIONS } from "./permissions.ts";

const ORIGIN = "http://localhost:8000";

/**
 * Every record of the store, with its version: a record that was only written anew counts too. But for
 * the one by which the process sees, at most once a second, that the store takes changes.
 */
async function recordsOf({ kv }: Deps): Promise<Map<string, string>> {
  const records = new Map<string, string>();
  for await (const { key, versionstamp } of kv.list({ prefix: [] })) {
    if (key[0] !== keys.storeProbe.family) records.set(JSON.stringify(key), versionstamp);
  }
  return records;
}

/** Pages for which nobody has to be logged in. */
const OPEN: readonly Access[] = ["all", "govbr", "step"];

const pagesOf = (wanted: (access: Access) => boolean) =>
  PERMISSIONS.filter(({ access, methods }) => methods.startsWith("GET") && wanted(access))
    .map(({ path }) => path.replaceAll(/\[\w+\]/g, "0000001"));

/** Every public page, and addresses that strangers make up. */
const PUBLIC = [
  ...pagesOf((access) => OPEN.includes(access)),
  "/govbr/retorno?code=x&state=y",
  "/govbr/retorno?error=access_denied&state=y",
  "/certificado?vencido",
  "/desfazer-email?pessoa=01ARZ3NDEKTSV4RRFFQ69G5FAV&chave=x",
  "/usuarios?busca=x",
  "/nada",
];

/** The first keys of a store are made when they are first asked for. */
async function settle(handle: Handle): Promise<void> {
  await (await handle(new Request(`${ORIGIN}/.well-known/jwks.json`))).body?.cancel();
}

Deno.test("600 HEAD and 600 GET of every public page write nothing", async (t) => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const handle = await testApp(deps, { budget: false });
  await settle(handle);
  for (const path of PUBLIC) {
    await t.step(path, async () => {
      const before = await recordsOf(deps);
      for (const method of ["HEAD", "GET"]) {
        for (let i = 0; i < 600; i++) {
          const response = await handle(new Request(ORIGIN + path, { method }));
          await response.body?.cancel();
        }
      }
      assertEquals(await recordsOf(deps), before);
    });
  }
});

Deno.test("a browser that keeps its cookie writes nothing either, and goes on with one visit", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const handle = await testApp(deps);
  await settle(handle);
  const before = await recordsOf(deps);
  let cookie = "";
  const given = [];
  const others = pagesOf((access) => !OPEN.includes(access));
  for (const path of ["/certificado", ...PUBLIC, ...others, "/certificado"]) {
    const response = await handle(new Request(ORIGIN + path, { headers: { cookie } }));
    await response.body?.cancel();
    for (const set of response.headers.getSetCookie()) {
      cookie = set.split(";")[0]!;
      given.push(path);
    }
  }
  // gov.br is given the same one again.
  assertEquals([...new Set(given)], ["/certificado", "/govbr"]);
  assertEquals(await recordsOf(deps), before);
});

// The certificate's door.

const pki = await testPki();
const company = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);

interface Door {
  cookie: string;
  id: string;
  text: string;
}

async function openDoor(handle: Handle): Promise<Door> {
  const response = await handle(new Request(`${ORIGIN}/certificado/desafio`));
  const cookie = response.headers.getSetCookie()[0]!.split(";")[0]!;
  return { cookie, ...await response.json() };
}

async function knock(handle: Handle, { cookie, id, text }: Door) {
  const data = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", company.privateKey, data);
  const ders = [company.certificate, ...company.chain];
  const response = await handle(
    new Request(`${ORIGIN}/certificado`, {
      method: "POST",
      headers: { cookie, origin: ORIGIN },
      body: new URLSearchParams({
        challenge: id,
        certificates: ders.map((der) => encodeBase64(der)).join(),
        signature: encodeBase64(signature),
        algorithm: "RS256",
      }),
    }),
  );
  return {
    status: response.status,
    location: response.headers.get("location"),
    text: await response.text(),
  };
}

async function atDoor(test: (handle: Handle, deps: TestDeps) => Promise<void>): Promise<void> {
  using deps = await trustingPortal(pki);
  await test(await testApp(deps, { budget: false }), deps);
}

/** The session's id, as its cookie says. */
function visitIn(cookie: string): string {
  const claims = JSON.parse(atob(cookie.slice(SESSION_COOKIE.length + 1).split(".")[1]!));
  return claims.visit;
}

const countOf = async (deps: Deps, prefix: Parameters<typeof list>[1]) =>
  (await Array.fromAsync(list(deps.kv, prefix))).length;

Deno.test("a visit becomes a record when a certificate was shown", () =>
  atDoor(async (handle, deps) => {
    const door = await openDoor(handle);
    assertEquals(await countOf(deps, keys.session.under()), 0);
    assertEquals((await knock(handle, door)).location, "/certificado/registro");
    assertEquals(await countOf(deps, keys.session.under()), 1);
  }));

Deno.test("a signed challenge is good once, also for those who come at the same time", () =>
  atDoor(async (handle, deps) => {
    const door = await openDoor(handle);
    const answers = await Promise.all([1, 2, 3, 4].map(() => knock(handle, door)));
    assertEquals(answers.map(({ status }) => status).sort(), [303, 422, 422, 422]);
    const again = await knock(handle, door);
    assertEquals(again.status, 422);
    assertStringIncludes(again.text, "já foi usado");
    assertEquals(await countOf(deps, keys.challengeSpent.under()), 1);
  }));

Deno.test("a challenge of another session, purpose, portal or maker is refused and leaves no note", () =>
  atDoor(async (handle, deps) => {
    const [mine, theirs] = [await openDoor(handle), await openDoor(handle)];
    const sessionId = visitIn(mine.cookie);
    const elsewhere = { ...deps, config: { ...deps.config, origin: "https://outro.example" } };
    const secret = "another-secret-of-at-least-32-characters";
    const stranger = { ...deps, config: { ...deps.config, secrets: [secret] } };
    const login = { purpose: "login", sessionId } as const;
    /** One character differs: of the initialisation vector, of the text, of the seal. */
    const changed = (at: number) =>
      mine.id.slice(0, at) + flip(mine.id[at]!) + mine.id.slice(at + 1);
    const flip = (character: string) => character === "A" ? "B" : "A";
    const { length } = mine.id;
    const cases: Record<string, Pick<Door, "id" | "text">> = {
      "feito em outra sessão": theirs,
      "feita para outra finalidade": createChallenge(deps, {
        ...login,
        purpose: "register",
      }),
      "feita para outro endereço": createChallenge(elsewhere, login),
      "não existe ou é antigo demais": createChallenge(stranger, login),
    };
    for (const [words, { id, text }] of Object.entries(cases)) {
      const answer = await knock(handle, { cookie: mine.cookie, id, text });
      assertEquals(answer.status, 422, words);
      assertStringIncludes(answer.text, words);
    }
    const computer = createComputerChallenge(deps, { purpose: "login", sessionId });
    const damaged = [
      ...[0, 40, length - 10].map(changed),
      ...[mine.id.slice(0, -4), mine.id.slice(0, 16), `${mine.id}AAAA`, "A".repeat(3_000), ""],
    ];
    const others = [
      { id: computer.id, text: computer.text },
      ...damaged.map((id) => ({ id, text: mine.text })),
    ];
    for (const other of others) {
      assertEquals((await knock(handle, { cookie: mine.cookie, ...other })).status, 422, other.id);
    }
    assertEquals(await countOf(deps, keys.challengeSpent.under()), 0);
    assertEquals((await knock(handle, mine)).status, 303);
  }));

Deno.test("a challenge that is too old is refused, and the page gets another for the same visit", () =>
  atDoor(async (handle, deps) => {
    const door = await openDoor(handle);
    deps.advance(CHALLENGE_LIFETIME);
    assertStringIncludes((await knock(handle, door)).text, "venceu");
    const renew = () =>
      handle(new Request(`${ORIGIN}/certificado/desafio`, { headers: { cookie: door.cookie } }));
    const response = await renew();
    assertEquals(response.headers.getSetCookie(), []);
    const renewed = await response.json();
    assertNotEquals(renewed.id, door.id);
    assertEquals((await knock(handle, { cookie: door.cookie, ...renewed })).status, 303);
    // A page left open for a day: the visit is over too, and another begins with the challenge.
    deps.advance(24 * 60 * 60_000);
    const next = await renew();
    const cookie = next.headers.getSetCookie()[0]!.split(";")[0]!;
    assertNotEquals(visitIn(cookie), visitIn(door.cookie));
    assertEquals((await knock(handle, { cookie, ...await next.json() })).status, 303);
  }));

Deno.test("the cookie of a visit that is over, or was made for another time, is worth nothing", () =>
  atDoor(async (handle, deps) => {
    const door = await openDoor(handle);
    const opens = async () => {
      const headers = { cookie: door.cookie };
      const response = await handle(new Request(`${ORIGIN}/certificado`, { headers }));
      await response.body?.cancel();
      return response.headers.getSetCookie().length === 0;
    };
    assert(await opens());
    deps.advance(-60 * 60_000);
    assert(!await opens(), "begun when the clock was ahead");
    deps.advance(3 * 60 * 60_000);
    assert(!await opens(), "two hours");
  }));
