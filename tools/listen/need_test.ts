import { assertEquals } from "@std/assert";
import { type Look, NeedToClose } from "./need.ts";

/** The first second at which something is called for, when every second looks the same. */
function firstNeed(look: Omit<Look, "now">): [second: number, need: string] | null {
  const need = new NeedToClose();
  for (let second = 0; second < 600; second++) {
    const judged = need.judge({ ...look, now: second * 1_000 });
    if (judged !== "nothing") return [second, judged];
  }
  return null;
}

const IDLE = { alive: 0, quiet: true };

Deno.test("a few idle connections go after 25 s when it is quiet, after 35 s when it is not", () => {
  assertEquals(firstNeed({ ...IDLE, connections: 1 }), [25, "renew"]);
  assertEquals(firstNeed({ ...IDLE, connections: 63, quiet: false }), [35, "renew"]);
});

Deno.test("a crowd of idle connections goes after 15 s", () => {
  assertEquals(firstNeed({ ...IDLE, connections: 64, quiet: false }), [15, "renew"]);
  assertEquals(firstNeed({ connections: 164, alive: 100, quiet: false }), [15, "renew"]);
});

Deno.test("connections in use are left alone", () => {
  assertEquals(firstNeed({ connections: 500, alive: 500, quiet: false }), null);
  assertEquals(firstNeed({ ...IDLE, connections: 0 }), null);
});

Deno.test("at the end of the descriptors, and with 8,000 connections, all go at once", () => {
  assertEquals(firstNeed({ connections: null, alive: 0, quiet: false }), [0, "drop"]);
  assertEquals(firstNeed({ connections: 8_000, alive: 8_000, quiet: false }), [0, "drop"]);
});

Deno.test("what comes and goes is not what stays, and after a change all begins anew", () => {
  const need = new NeedToClose();
  const at = (second: number, connections: number) =>
    need.judge({ now: second * 1_000, connections, ...IDLE });
  assertEquals([at(0, 5), at(20, 0), at(26, 5), at(50, 5)], Array(4).fill("nothing"));
  assertEquals(at(51, 5), "renew");
  need.reset();
  assertEquals([at(52, 5), at(76, 5), at(77, 5)], ["nothing", "nothing", "renew"]);
});
