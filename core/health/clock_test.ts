import { assert, assertEquals } from "@std/assert";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import type { Deps } from "../deps.ts";
import { noteClock, readClock } from "./clock.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { checkParts } from "./parts.ts";

const telegramAt = (apiRoot: string) => ({
  token: "7000001:test-token",
  apiRoot,
  deepLink: "https://t.me/habilita_bot",
  webhookSecret: "segredo-do-webhook_1",
});

/** A server whose `Date` is the test's clock less `behind` seconds; `null` sends none. */
async function withServer(
  behind: number | null,
  use: (deps: TestDeps, asked: string[]) => Promise<void>,
  headers: Record<string, string> = {},
): Promise<void> {
  const asked: string[] = [];
  const now = Date.UTC(2026, 10, 3, 12);
  const onListen = () => {};
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    // The runtime adds a date of its own to an answer without one.
    const date = behind === null ? "never" : new Date(now - behind * 1_000).toUTCString();
    return new Response(null, { headers: { date, ...headers } });
  });
  using deps = await testDeps({ telegram: telegramAt(`http://127.0.0.1:${server.addr.port}/x`) });
  await use(deps, asked);
}

const part = async (deps: Deps) => (await checkParts(deps)).find(({ id }) => id === "clock")!;

for (
  const [behind, state, detail] of [
    [0, "ok", /^[0-5] s \S+ em relação ao do Telegram\.$/],
    [3_600, "failing", /^3(599|600|601|602) s adiantado em relação ao do Telegram\.$/],
    [-3_600, "failing", /^3(598|599|600|601) s atrasado em relação ao do Telegram\.$/],
    [60, "warning", /^(59|60|61|62) s adiantado/],
  ] as const
) {
  Deno.test(`a clock that is ${behind} s ahead of Telegram's: ${state}`, () =>
    withServer(behind, async (deps, asked) => {
      assertEquals((await part(deps)).text, "Não foi comparado.");
      await noteClock(deps, "um");
      const found = await part(deps);
      assertEquals(found.state, state);
      assert(detail.test(found.detail!), found.detail!);
      // Neither the token nor a path that holds it.
      assertEquals(asked, ["HEAD /"]);
    }));
}

Deno.test("of several machines the worst is told; the right one does not hide it", () =>
  withServer(3_600, async (deps) => {
    await noteClock(deps, "a");
    await withServer(0, async (right) => {
      await noteClock({ ...right, kv: deps.kv }, "b");
    });
    assertEquals((await part(deps)).state, "failing");
  }));

Deno.test("a machine that is hours ahead is told by itself and by the others", () =>
  withServer(0, async (deps) => {
    const ahead = { ...deps, now: () => deps.now() + 3 * 3_600_000 };
    await noteClock(ahead, "ahead");
    for (const { state } of [await part(ahead), await part(deps)]) assertEquals(state, "failing");
  }));

Deno.test("a machine that is not compared any more is not told, though its reading came back", () =>
  withServer(0, async (deps) => {
    const old = { at: deps.now(), aheadMs: 3_600_000, source: "telegram" as const };
    await transact(deps.kv, (tx) => tx.set(keys.clockReading("gone"), old));
    await noteClock(deps, "here");
    assertEquals((await part(deps)).state, "failing");
    deps.advance(21 * 60_000);
    assertEquals((await part(deps)).text, "Não foi comparado.");
    await noteClock(deps, "here");
    assert(/atrasado|adiantado/.test((await part(deps)).detail!));
  }));

Deno.test("no answer, no date, or one from a cache: nothing is said", async () => {
  await withServer(null, async (deps) => assertEquals(await readClock(deps), null));
  await withServer(9, async (deps) => assertEquals(await readClock(deps), null), { age: "9" });
  using none = await testDeps();
  assertEquals(await readClock(none), null);
  using gone = await testDeps({ telegram: telegramAt("http://127.0.0.1:1") });
  assertEquals(await readClock(gone), null);
});
