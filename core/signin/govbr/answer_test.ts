import { assert, assertEquals } from "@std/assert";
import {
  anonymous,
  codeOf,
  lia,
  MINUTE,
  must,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import type { Dialect } from "@/tools/dev/govbr/dialect.ts";
import { beginGovbr } from "./attempt.ts";
import { signInWithGovbr } from "./enter.ts";
import {
  begin,
  enter,
  type GovbrWorld,
  govbrWorld,
  type Meddling,
  quietly,
  visitGovbr,
} from "./world_testing.ts";

const asLia = { cpf: lia.cpf };
const UNKNOWN = "govbr_attempt_unknown";
const INVALID = "govbr_answer_invalid";

const set = (name: string, value: string) => (url: URL) => url.searchParams.set(name, value);
const drop = (name: string) => (url: URL) => url.searchParams.delete(name);

/** What a person, or somebody who means them harm, can do to the addresses. */
const MEDDLING: Record<string, Meddling & { code: string }> = {
  "another state": { back: set("state", "x".repeat(43)), code: UNKNOWN },
  "no state": { back: drop("state"), code: UNKNOWN },
  "a state twice": { back: (url) => url.searchParams.append("state", "x"), code: INVALID },
  "the state changed on the way there": { there: set("state", "x".repeat(43)), code: UNKNOWN },
  "the nonce changed on the way there": { there: set("nonce", "x".repeat(43)), code: INVALID },
  "the challenge changed on the way there": {
    there: set("code_challenge", "x".repeat(43)),
    code: INVALID,
  },
  "another code": { back: set("code", "x".repeat(43)), code: INVALID },
  "no code": { back: drop("code"), code: INVALID },
  "the issuer of another provider": { back: set("iss", "https://sso.example/"), code: INVALID },
  "an error beside the code": { back: set("error", "server_error"), code: "govbr_unavailable" },
};

/** What the provider may do wrong; the token is signed with the published key but for the last. */
const FAULTS: Record<string, Partial<Dialect>> = {
  "wrong issuer": { rewrite: (claims) => ({ ...claims, iss: "https://sso.example/" }) },
  "issuer without its slash": {
    rewrite: (claims) => ({ ...claims, iss: String(claims.iss).slice(0, -1) }),
  },
  "wrong audience": { rewrite: (claims) => ({ ...claims, aud: "another-portal" }) },
  "expired": { rewrite: (claims) => ({ ...claims, exp: Number(claims.iat) - 60 }) },
  "without an end": { rewrite: (claims) => ({ ...claims, exp: undefined }) },
  "another nonce": { rewrite: (claims) => ({ ...claims, nonce: "x".repeat(43) }) },
  "without a nonce": { rewrite: (claims) => ({ ...claims, nonce: undefined }) },
  "without a subject": { rewrite: (claims) => ({ ...claims, sub: undefined }) },
  "signed with a key that is not published": { wrongKey: true },
};

async function ready(): Promise<GovbrWorld> {
  const world = await govbrWorld([lia, zeca]);
  await seedRepresentative(world.deps);
  await seedUser(world.deps, lia);
  return world;
}

Deno.test("an address meddled with lets nobody in", async (t) => {
  await using world = await ready();
  must(await enter(world.deps, asLia));
  for (const [name, { code, ...meddling }] of Object.entries(MEDDLING)) {
    await t.step(name, async () => {
      const entry = await quietly(() => enter(world.deps, asLia, meddling));
      assertEquals(codeOf(entry), code);
    });
  }
});

Deno.test("an id_token that is not right lets nobody in", async (t) => {
  await using world = await ready();
  const { govbr, deps } = world;
  const textbook = { ...govbr.dialect };
  for (const [name, fault] of Object.entries(FAULTS)) {
    await t.step(name, async () => {
      Object.assign(govbr.dialect, textbook, fault);
      assertEquals(codeOf(await quietly(() => enter(deps, asLia))), INVALID);
    });
  }
  Object.assign(govbr.dialect, textbook);
  must(await enter(deps, asLia));
});

Deno.test("an answer counts once, in its browser, for ten minutes", async (t) => {
  await using world = await ready();
  const { deps } = world;

  await t.step("the same address again", async () => {
    const { url, session } = await begin(deps);
    const { searchParams } = await visitGovbr(url, asLia);
    const entry = must(await signInWithGovbr(deps, session, searchParams));
    assertEquals(codeOf(await signInWithGovbr(deps, session, searchParams)), UNKNOWN);
    assertEquals(codeOf(await signInWithGovbr(deps, entry.session, searchParams)), UNKNOWN);
  });

  await t.step("twice at the same time", async () => {
    const { url, session } = await begin(deps);
    const { searchParams } = await visitGovbr(url, asLia);
    const both = await Promise.all([1, 2].map(() => signInWithGovbr(deps, session, searchParams)));
    assertEquals(both.map(codeOf).sort(), [UNKNOWN, "ok"]);
  });

  await t.step("a used code with a state that is good", async () => {
    const first = await begin(deps);
    const used = await visitGovbr(first.url, asLia);
    must(await signInWithGovbr(deps, first.session, used.searchParams));
    const code = used.searchParams.get("code")!;
    const replayed = await quietly(() => enter(deps, asLia, { back: set("code", code) }));
    assertEquals(codeOf(replayed), INVALID);
  });

  await t.step("somebody else's code, not used yet, with a state of one's own", async () => {
    const theirs = await begin(deps);
    const code = (await visitGovbr(theirs.url, asLia)).searchParams.get("code")!;
    const injected = await quietly(() =>
      enter(deps, { cpf: zeca.cpf }, { back: set("code", code) })
    );
    assertEquals(codeOf(injected), INVALID);
  });

  await t.step("in another browser, or in one without a session", async () => {
    const { url } = await begin(deps);
    const { searchParams } = await visitGovbr(url, asLia);
    const another = await begin(deps);
    assertEquals(codeOf(await signInWithGovbr(deps, another.session, searchParams)), UNKNOWN);
    assertEquals(codeOf(await signInWithGovbr(deps, await anonymous(deps), searchParams)), UNKNOWN);
    assertEquals(codeOf(await signInWithGovbr(deps, null, searchParams)), UNKNOWN);
  });

  await t.step("two windows of one browser: both may finish until one does", async () => {
    const one = await begin(deps);
    const two = await begin(deps, { session: one.session });
    const { searchParams } = await visitGovbr(two.url, asLia);
    await visitGovbr(one.url, asLia);
    must(await signInWithGovbr(deps, one.session, searchParams));
  });

  await t.step("late", async () => {
    const { url, session } = await begin(deps);
    const { searchParams } = await visitGovbr(url, asLia);
    deps.advance(10 * MINUTE);
    assertEquals(codeOf(await signInWithGovbr(deps, session, searchParams)), UNKNOWN);
  });
});

Deno.test("who says no at gov.br is not let in, and may begin again", async () => {
  await using world = await ready();
  assertEquals(codeOf(await enter(world.deps, { ...asLia, deny: true })), "govbr_denied");
  must(await enter(world.deps, asLia));
});

Deno.test("a provider that is down, or is another one, is said to be away", async () => {
  const world = await ready();
  const { govbr, deps } = world;
  const visitor = { session: null, agent: "test" };
  const { url, session } = await begin(deps);
  const { searchParams } = await visitGovbr(url, asLia);
  await govbr.close();
  await quietly(async () => {
    const entry = await signInWithGovbr(deps, session, searchParams);
    assertEquals(codeOf(entry), "govbr_unavailable");
    // What gov.br publishes is known for an hour, then it has to be there again.
    assert((await beginGovbr(deps, visitor)).ok);
    deps.advance(60 * MINUTE);
    assertEquals(codeOf(await beginGovbr(deps, visitor)), "govbr_unavailable");
  });
  deps[Symbol.dispose]();
});

Deno.test("metadata of another issuer than the configured one is not believed; a failure is not kept", async () => {
  await using world = await ready();
  const { deps, govbr } = world;
  const visitor = { session: null, address: "192.0.2.1", agent: "test" };
  const elsewhere = {
    ...deps.config.govbr!,
    issuer: govbr.issuer.replace("127.0.0.1", "localhost"),
  };
  const misled = { ...deps, config: { ...deps.config, govbr: elsewhere } };
  await quietly(async () => {
    assertEquals(codeOf(await beginGovbr(misled, visitor)), "govbr_unavailable");
  });
  elsewhere.issuer = govbr.issuer;
  must(await beginGovbr(misled, visitor));
});
