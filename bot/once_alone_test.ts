import { assertEquals, assertRejects } from "@std/assert";
import type { Context } from "grammy/web";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { dedupe, UpdateBusyError } from "./dedupe.ts";

const ctx = { update: { update_id: 7 } } as unknown as Context;

/** A bot killed in the middle: its work on the update never ends. */
function killed(middleware: ReturnType<typeof dedupe>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  void middleware(ctx, () => {
    resolve();
    return new Promise(() => {});
  });
  return promise;
}

async function works(middleware: ReturnType<typeof dedupe>): Promise<number> {
  let done = 0;
  await middleware(ctx, () => Promise.resolve(void done++));
  return done;
}

Deno.test("who is alone takes over what a dead process left, once", async () => {
  using deps = await testDeps();
  await killed(dedupe(deps, { alone: true }));
  const next = dedupe(deps, { alone: true });
  assertEquals(await works(next), 1);
  assertEquals(await works(next), 0);
});

Deno.test("who is alone does not take over from itself", async () => {
  using deps = await testDeps();
  const only = dedupe(deps, { alone: true });
  await killed(only);
  await assertRejects(() => works(only), UpdateBusyError);
});

Deno.test("who is not alone waits for the claim to end", async () => {
  using deps = await testDeps();
  await killed(dedupe(deps));
  await assertRejects(() => works(dedupe(deps)), UpdateBusyError);
});
