/** More than there is room for, in the whole app: what is answered, and that nothing was begun. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { passwordPlace } from "@/core/account/password.ts";
import { Overloaded } from "@/core/overloaded.ts";
import { openStore } from "@/core/store/open.ts";
import { inTime } from "@/core/store/deadline.ts";
import {
  lia,
  PASSWORD,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { asSent } from "@/http/testing.ts";
import { syntheticCpf } from "@/tools/sample/people.ts";
import { testApp } from "../support/app.ts";

/** Takes every place there is; disposing of what comes out gives them back. */
function takeAllPlaces(): Disposable {
  const stack = new DisposableStack();
  try {
    for (;;) stack.use(passwordPlace());
  } catch (error) {
    assert(error instanceof Overloaded);
  }
  return stack;
}

const signIn = (cpf: string, password: string) =>
  new Request("http://localhost:8000/entrar", {
    method: "POST",
    body: new URLSearchParams({ login: cpf, senha: password }),
  });

Deno.test("no place for a password: 503 with every header, and the attempt does not count", async () => {
  using deps = await seedRegistries();
  const handle = await testApp(deps, { budget: false });
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  using filled = takeAllPlaces();
  // More often than a person may try within 15 minutes.
  for (let i = 0; i < 10; i++) {
    const response = await handle(signIn(lia.cpf, PASSWORD));
    const html = await response.text();
    assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
    assertStringIncludes(html, "Muitas pessoas estão entrando ao mesmo tempo");
    assertStringIncludes(response.headers.get("content-security-policy") ?? "", "default-src");
    assertEquals(response.headers.get("x-frame-options"), "DENY");
  }
  const home = await handle(new Request("http://localhost:8000/"));
  await home.body?.cancel();
  assertEquals(home.status, 200);
  filled[Symbol.dispose]();
  assertEquals((await handle(signIn(lia.cpf, PASSWORD))).status, 303);
});

Deno.test("200 sign-ins at once: each is answered, those beyond the places with 503", async () => {
  using deps = await testDeps();
  const handle = await testApp(deps, { budget: false });
  const all = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
    const request = await asSent(signIn(syntheticCpf(500 + i), "Errada#Aqui9"));
    const response = await handle(request, {
      remoteAddr: { transport: "tcp", hostname: `10.0.0.${i}`, port: 1 },
      completed: Promise.resolve(),
    });
    await response.body?.cancel();
    return response.status;
  }));
  const count = (status: number) => all.filter((one) => one === status).length;
  const places = 17 * navigator.hardwareConcurrency;
  assert(count(422) >= 1 && count(503) >= 200 - places, `${count(422)} served`);
  assertEquals(count(422) + count(503), 200);
});

Deno.test("a call of the store that does not come back is an overload after its time", async () => {
  const error = await inTime(new Promise(() => {}), 20).catch((thrown) => thrown);
  assert(error instanceof Overloaded && error.kind === "store");
  assertEquals(await inTime(Promise.resolve(1), 20), 1);
});

Deno.test("the file of the store locked by another: 503 within the deadline, then as before", async () => {
  const data = await Deno.makeTempDir({ prefix: "habilita-locked-" });
  using memory = await testDeps();
  const kv = await openStore(data);
  const deps = { ...memory, kv, now: memory.now };
  const handle = await testApp(deps, { budget: false });
  assertEquals((await handle(signIn(lia.cpf, PASSWORD))).status, 422);
  const other = new DatabaseSync(join(data, "habilita.sqlite3"));
  other.exec("BEGIN IMMEDIATE");
  const started = performance.now();
  const response = await handle(signIn(lia.cpf, PASSWORD));
  const seconds = (performance.now() - started) / 1_000;
  assertEquals(response.status, 503);
  assert(seconds > 5 && seconds < 25, `${seconds} s`);
  assertStringIncludes(await response.text(), "confira antes de repetir");
  other.exec("ROLLBACK");
  other.close();
  assertEquals((await handle(signIn(lia.cpf, PASSWORD))).status, 422);
  kv.close();
  await Deno.remove(data, { recursive: true });
});
