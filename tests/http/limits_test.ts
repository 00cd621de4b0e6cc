/** What is longer than a key of the store can hold is somebody's attempt, not a fault of ours. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DEFAULT_SYSTEMS } from "@/core/config/mod.ts";
import { SESSION_COOKIE } from "@/core/account/session.ts";
import {
  caio,
  CNES,
  lia,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const LONG = "x".repeat(3_000);
/** A NUL takes two bytes in a key. */
const NULS = "\0".repeat(1_500);

async function peopled() {
  const deps = await seedRegistries({
    systems: DEFAULT_SYSTEMS.map((system) =>
      system.access === "steps" ? { ...system, address: "https://cadsus.example/entrada" } : system
    ),
  });
  const handle = await testApp(deps);
  const representative = await seedRepresentative(deps);
  const user = await seedUser(deps, lia);
  const administrator = await seedUser(deps, caio);
  await seedMember(deps, caio);
  const enter = (session: typeof user) => new Client(deps, handle).enter(session);
  return {
    deps,
    handle,
    visitor: new Client(deps, handle),
    representative: await enter(representative),
    user: await enter(user),
    administrator: await enter(administrator),
  };
}

Deno.test("a part of an address that is too long for any key: 400, whoever asks", async () => {
  const { deps, visitor, user, administrator, representative } = await peopled();
  using _ = deps;
  for (const text of [LONG, NULS].map(encodeURIComponent)) {
    for (
      const [client, path] of [
        [visitor, `/${text}`],
        [visitor, `/desfazer-email?pessoa=${text}`],
        [user, `/pedidos?decidido=${text}`],
        [user, `/solicitar/${text}`],
        [administrator, `/pedidos?a-partir-de=${text}`],
        [administrator, `/administracao/${text}`],
        [administrator, `/administracao/${CNES}?busca=a&a-partir-de=${text}`],
        [administrator, `/administracao/${CNES}/computadores?a-partir-de=${text}.x`],
        [administrator, `/administracao/${CNES}/pessoas/${text}`],
        [representative, `/usuarios/${text}`],
        [representative, `/usuarios?a-partir-de=${text}`],
      ] as const
    ) {
      assertEquals((await client.get(path)).status, 400, path.slice(0, 60));
    }
  }
});

Deno.test("an id in a form that is too long for any key is the id of nothing", async () => {
  const { deps, visitor, user, administrator } = await peopled();
  using _ = deps;
  for (const text of [LONG, NULS]) {
    for (
      const [client, path, fields] of [
        [visitor, "/desfazer-email", { pessoa: text, chave: "x" }],
        [user, `/solicitar/${CNES}`, { acao: "cancelar", pedido: text }],
        [user, `/solicitar/${CNES}`, { acao: "retirar", computador: text }],
        [user, "/conta", { sessao: text }],
        [user, "/pedidos", { decisao: "aprovar", pedido: text }],
        [user, "/pedidos", { decisao: "estabelecimento", estabelecimento: text }],
        [administrator, `/administracao/${CNES}/computadores`, { pessoa: text, computador: "x" }],
      ] as const
    ) {
      const { status } = await client.post(path, fields);
      assert(status === 404 || status === 422, `${path} ${JSON.stringify(fields)}: ${status}`);
    }
    const asked = { system: "cadsus-web", cnes: text, challengeId: text, signature: text, jwk: {} };
    assertEquals((await user.postJson("/api/handoff", asked)).status, 422);
  }
});

Deno.test("what caches may keep for everybody ends nobody's session", async () => {
  const { deps, handle } = await peopled();
  using _ = deps;
  const ask = (path: string) =>
    handle(
      new Request(new URL(path, deps.config.origin), {
        headers: { cookie: `${SESSION_COOKIE}=velho` },
      }),
    );
  const keys = await ask("/.well-known/jwks.json");
  await keys.body?.cancel();
  assertEquals(keys.headers.get("cache-control"), "public, max-age=3600");
  assertEquals(keys.headers.get("set-cookie"), null);
  // Elsewhere a cookie that is worth nothing is taken back.
  const home = await ask("/");
  await home.body?.cancel();
  assertStringIncludes(home.headers.get("set-cookie") ?? "", `${SESSION_COOKIE}=;`);
});
