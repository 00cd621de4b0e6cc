import { assertEquals, assertRejects } from "@std/assert";
import type { Context } from "grammy/web";
import { testPortal } from "../core/testing.ts";
import { once, UpdateBusyError } from "./once.ts";

const ctx = { update: { update_id: 7 } } as unknown as Context;

/** A bot killed in the middle: its work on the update never ends. */
function killed(middleware: ReturnType<typeof once>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  void middleware(ctx, () => {
    resolve();
    return new Promise(() => {});
  });
  return promise;
}

async function works(middleware: ReturnType<typeof once>): Promise<number> {
  let done = 0;
  await middleware(ctx, () => Promise.resolve(void done++));
  return done;
}

Deno.test("who is alone takes over what a dead process left, once", async () => {
  using portal = await testPortal();
  await killed(once(portal, { alone: true }));
  const next = once(portal, { alone: true });
  assertEquals(await works(next), 1);
  assertEquals(await works(next), 0);
});

Deno.test("who is alone does not take over from itself", async () => {
  using portal = await testPortal();
  const only = once(portal, { alone: true });
  await killed(only);
  await assertRejects(() => works(only), UpdateBusyError);
});

Deno.test("who is not alone waits for the claim to end", async () => {
  using portal = await testPortal();
  await killed(once(portal));
  await assertRejects(() => works(once(portal)), UpdateBusyError);
});
