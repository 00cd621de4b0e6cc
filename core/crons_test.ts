import { assertEquals, assertThrows } from "@std/assert";
import { Crons } from "./crons.ts";
import { MaintenanceError } from "./store/transact.ts";

Deno.test("a stop ends the crons: their names are free again", () => {
  const stopping = new AbortController();
  const once = () => new Crons(stopping.signal).add("crons_test", "0 0 1 1 *", async () => {});
  once();
  assertThrows(once, TypeError);
  stopping.abort();
  const after = new AbortController();
  new Crons(after.signal).add("crons_test", "0 0 1 1 *", async () => {});
  after.abort();
});

Deno.test("idle waits for what runs, also when it fails", async () => {
  const crons = new Crons(new AbortController().signal);
  await crons.idle();
  const work = Promise.withResolvers<void>();
  const other = Promise.withResolvers<void>();
  const runs = [work, other].map(({ promise }) => crons.run("test", () => promise));
  let idle = false;
  const waiting = crons.idle().then(() => idle = true);
  work.resolve();
  await runs[0];
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(idle, false);
  other.reject(new MaintenanceError());
  await waiting;
});

Deno.test("what fails is one entry of the log, except in maintenance and in a stop", async () => {
  const stopping = new AbortController();
  const crons = new Crons(stopping.signal);
  const { error } = console;
  const lines: string[] = [];
  console.error = (line) => void lines.push(line.split("\n")[0]);
  try {
    await crons.run("crl", () => Promise.reject(new Error("down at user:secret@host.example")));
    await crons.run("crl", () => {
      throw new Error("at once");
    });
    await crons.run("crl", () => Promise.reject(new MaintenanceError()));
    stopping.abort();
    await crons.run("crl", () => Promise.reject(new Error("closed")));
  } finally {
    console.error = error;
  }
  assertEquals(lines, [
    "cron_failed: name=crl error=down at user:<e-mail>",
    "cron_failed: name=crl error=at once",
  ]);
});
