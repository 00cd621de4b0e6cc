import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "./delay.ts";
import { within } from "./within.ts";

const never = new Promise<string>(() => {});
const late = () => {
  throw new Error("late");
};

const sanitized = { sanitizeOps: true };

Deno.test("in time: what the work gives or throws, and no timer is left", sanitized, async () => {
  assertEquals(await within(60_000, Promise.resolve("done"), late), "done");
  await assertRejects(
    () => within(60_000, Promise.reject(new Error("broken")), late),
    Error,
    "bro",
  );
});

Deno.test("too late: what is said then; how the work ends disturbs no other", async () => {
  assertEquals(await within(5, never, () => "late"), "late");
  await assertRejects(() => within(5, never, late), Error, "late");
  const work = delay(20).then((): string => {
    throw new Error("broken");
  });
  assertEquals(await within(5, work, () => null), null);
  await delay(30);
});
