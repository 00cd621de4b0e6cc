import { assertEquals, assertRejects } from "@std/assert";
import { seedRegistries } from "@/tests/fixtures/mod.ts";
import { BUDGETS, NOTHING_THERE } from "../support/budgets.ts";
import { hold, withinBudget } from "../support/check_trips.ts";
import { routePatterns } from "../support/routes.ts";
import { PERMISSIONS } from "./permissions.ts";

const METHODS = ["GET", "POST"];

Deno.test("every page and every form has its budget, and every budget its page", async () => {
  const paths = Object.keys(BUDGETS).filter((path) => path !== NOTHING_THERE);
  assertEquals(paths.toSorted(), (await routePatterns()).toSorted());
  for (const { path, methods } of PERMISSIONS) {
    const names = Object.keys(BUDGETS[path]!);
    // The plain row is the one of whatever has no row of its own.
    assertEquals(METHODS.filter((method) => names.includes(method)).join(" "), methods, path);
    const strange = names.filter((name) => !methods.split(" ").includes(name.split(" ")[0]!));
    assertEquals(strange, [], path);
  }
});

Deno.test("a request over its budget is an error that names page, trips and budget", async () => {
  using deps = await seedRegistries();
  const asking = (times: number) =>
    withinBudget(deps, async () => {
      for (let i = 0; i < times; i++) {
        // Side by side they are one round trip.
        await Promise.all([deps.kv.get(["a"]), deps.kv.getMany([["b"], ["c"]])]);
      }
      return new Response();
    }, hold);
  const request = () => new Request("http://localhost/usuarios/novo", { method: "POST" });
  const most = BUDGETS["/usuarios/novo"]!.POST!;
  assertEquals((await asking(most)(request())).status, 200);
  await assertRejects(
    () => asking(most + 1)(request()),
    Error,
    `POST /usuarios/novo as visitor: 200: ${
      most + 1
    } sequential round trips to the store; "POST" of ` +
      `"/usuarios/novo" in tests/support/budgets.ts allows ${most}`,
  );
});
