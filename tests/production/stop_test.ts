import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openStore } from "@/core/store/open.ts";
import { HalfSent } from "../support/half_sent.ts";
import { childOf, type StartedPortal, startProcess } from "../support/production.ts";
import { root } from "../support/portal.ts";

const FORM = "login=529.982.247-25&senha=Xk%2329vbq";

/** What the portal has complained of: all but that its store is new. */
const complaints = (portal: StartedPortal) =>
  portal.stderr().split("\n").filter((line) => line && !line.startsWith("O banco recebeu"));

Deno.test("stopping `deno task start`", async (t) => {
  const build = await new Deno.Command(Deno.execPath(), { args: ["task", "build"], cwd: root })
    .output();
  assertEquals(build.code, 0, new TextDecoder().decode(build.stderr));

  const step = (name: string, test: (portal: StartedPortal) => Promise<void>, seconds = 20) =>
    t.step(name, async () => {
      await using portal = await startProcess("task", { HABILITA_STOP_SECONDS: String(seconds) });
      await test(portal);
    });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    await step(`${signal}: it ends by itself with 0, and frees port and store`, async (portal) => {
      await (await fetch(portal.origin)).body?.cancel();
      const { code, ms } = await portal.end(signal);
      assertEquals(code, 0, portal.stderr());
      assertEquals(complaints(portal), []);
      assert(ms < 6_000, `${ms} ms`);
      Deno.listen({ port: Number(new URL(portal.origin).port) }).close();
      (await openStore(portal.data)).close();
    });
  }

  await step("a request in flight is finished, none is taken after it", async (portal) => {
    const request = await HalfSent.post(portal.origin, "/entrar", FORM);
    const ended = portal.end("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const refused = await fetch(portal.origin);
    assertEquals([refused.status, refused.headers.get("retry-after")], [503, "5"]);
    assertStringIncludes(await refused.text(), "tente de novo");
    assertEquals(typeof refused.headers.get("x-request-id"), "string");
    assertEquals((await (await fetch(`${portal.origin}/saude/vivo`)).text()).trim(), "vivo");
    await request.finish();
    assertStringIncludes(await request.answer(), "HTTP/1.1 422");
    assertEquals((await ended).code, 0, portal.stderr());
  });

  await step("one that is refused and only half sent does not hold it", async (portal) => {
    const request = await HalfSent.post(portal.origin, "/entrar", FORM);
    const ended = portal.end("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const refused = await HalfSent.post(portal.origin, "/entrar", FORM);
    await request.finish();
    assertStringIncludes(await request.answer(), "HTTP/1.1 422");
    const { code, ms } = await ended;
    assertStringIncludes(await refused.answer().catch(() => "HTTP/1.1 503"), "HTTP/1.1 503");
    assertEquals([code, complaints(portal)], [0, []]);
    assert(ms < 8_000, `${ms} ms`);
  });

  await step("a request that is only half sent does not hold it", async (portal) => {
    const request = await HalfSent.post(portal.origin, "/entrar", FORM);
    const { code, ms } = await portal.end("SIGTERM");
    assertEquals(code, 0, portal.stderr());
    assert(ms >= 3_000 && ms < 8_000, `${ms} ms`);
    assertStringIncludes(portal.stderr(), "Nem tudo terminou em 3 s");
    request.close();
  }, 3);

  await step("killed, `deno task` says so: 137, for who starts it again", async (portal) => {
    Deno.kill(await childOf(portal.pid), "SIGKILL");
    assertEquals((await portal.status).code, 137);
  });
});
