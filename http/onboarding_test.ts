import { assertEquals } from "@std/assert";
import { App } from "fresh";
import { refuse } from "@/core/result.ts";
import { testDeps } from "@/tests/fixtures/mod.ts";
import { leadToStep } from "./onboarding.ts";
import type { State } from "./state.ts";

Deno.test("a browser that is at no step is led to where it can begin, as what refused it says", async () => {
  using deps = await testDeps();
  const codes = [
    "certificate_expired_meanwhile",
    "self_registration_missing",
    "session_ended",
  ] as const;
  const led = await Promise.all(codes.map(async (code) => {
    const handle = new App<State>()
      .use((ctx) => {
        Object.assign(ctx.state, { deps, session: null, caller: null });
        return ctx.next();
      })
      .get("/termos", (ctx) => leadToStep(ctx, refuse(code)))
      .handler();
    const { status, headers } = await handle(new Request("http://localhost/termos"));
    return [status, headers.get("location")];
  }));
  assertEquals(led, [[303, "/certificado?vencido"], [303, "/cadastro?recomecar"], [
    303,
    "/entrar?fim",
  ]]);
});
