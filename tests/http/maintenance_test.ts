/** In maintenance the pages are shown, and nothing is changed. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { setMaintenance } from "@/core/store/maintenance.ts";
import {
  CNES,
  lia,
  MINUTE,
  PASSWORD,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const everything = async (kv: Deno.Kv) =>
  (await Array.fromAsync(kv.list({ prefix: [] }))).map(({ key, value }) => ({ key, value }));

Deno.test("maintenance: forms are answered 503, with when to come back; pages are shown", async () => {
  using deps = await seedRegistries();
  const handle = await testApp(deps, { budget: false });
  await seedRepresentative(deps);
  const user = await new Client(deps, handle).enter(await seedUser(deps, lia));
  const visitor = new Client(deps, handle);
  await setMaintenance(deps, true);
  // Long enough for the note of when the session was last used.
  deps.advance(2 * MINUTE);
  const before = await everything(deps.kv);
  for (
    const [client, path, form] of [
      [user, "/conta", { acao: "sair-de-todas" }],
      [user, `/solicitar/${CNES}`, { acao: "perfil", perfil: "LEITOR" }],
      [user, "/sair", {}],
      [visitor, "/entrar", { login: lia.cpf, senha: PASSWORD }],
      [visitor, "/recuperar-senha", { login: lia.cpf }],
    ] as const
  ) {
    const { status, text } = await client.post(path, form);
    assertEquals(status, 503, path);
    assertStringIncludes(text, "Portal em manutenção");
  }
  const raw = await handle(
    new Request(`${deps.config.origin}/entrar`, {
      method: "POST",
      body: new URLSearchParams({ login: lia.cpf, senha: PASSWORD }),
    }),
  );
  await raw.body?.cancel();
  assertMatch(raw.headers.get("retry-after") ?? "", /^\d+$/);
  assertEquals(raw.headers.get("cache-control"), "no-store");
  assertStringIncludes(raw.headers.get("content-security-policy") ?? "", "default-src");
  const script = await user.post("/api/computador", {});
  assertEquals([script.status, JSON.parse(script.text).code], [503, "maintenance"]);
  for (const path of ["/painel", "/conta", "/"]) {
    assertEquals((await user.get(path)).status, 200, path);
  }
  assertEquals(await everything(deps.kv), before);
  await setMaintenance(deps, false);
  assertEquals((await visitor.post("/entrar", { login: lia.cpf, senha: PASSWORD })).status, 303);
});
