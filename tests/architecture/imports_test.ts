import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../support/portal.ts";
import { imports, sources } from "./sources.ts";

/**
 * Who may import whom (see docs/architecture.md). Tests and the development world stand outside;
 * everything else keeps to this.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: ["core"],
  components: ["components", "core"],
  islands: ["islands", "components", "core"],
  http: ["http", "core"],
  routes: ["routes", "components", "islands", "core", "http", "app.ts"],
  bot: ["bot", "core", "http/body.ts"],
  "app.ts": ["core", "http", "fresh.config.ts"],
  "main.ts": ["app.ts", "bot", "core"],
};

/** Inside `core`: what a module may import. `config`, `log`, `store` and the files beside them are open to all. */
const CORE_MODULES: Record<string, readonly string[]> = {
  config: [],
  log: [],
  store: [],
  registry: [],
  audit: [],
  mails: ["registry"],
  outbox: ["mails"],
  notify: ["mails", "outbox"],
  certificate: ["registry"],
  account: ["registry", "audit", "mails", "outbox", "notify"],
  access: ["account", "registry", "audit", "mails", "outbox", "notify"],
  signin: ["access", "account", "certificate", "registry", "audit", "mails", "outbox", "notify"],
  onboarding: [
    ...[
      "signin",
      "access",
      "account",
      "certificate",
      "registry",
      "audit",
      "mails",
      "outbox",
      "notify",
    ],
  ],
  handoff: ["access", "account", "registry", "audit"],
  health: ["account", "certificate", "registry", "mails", "outbox", "notify"],
};

/** What islands load runs in the browser. */
const BROWSER_SAFE = [
  "core/account/computer/thumbprint.ts",
  "core/base64url.ts",
  "core/certificate/a1/",
  "core/handoff/proof.ts",
  "core/registry/numbers.ts",
  "core/result.ts",
];

const topOf = (path: string) => path.split("/")[0]!;

Deno.test("no module imports what it may not", async () => {
  const wrong = (await imports()).filter(({ from, to }) => {
    const allowed = MAY_IMPORT[topOf(from)];
    return allowed && !allowed.includes(topOf(to)) && !allowed.includes(to);
  });
  assertEquals(wrong, []);
});

// The bench renders the home page without a framework, for comparison.
Deno.test("nobody imports a route", async () => {
  const wrong = (await imports())
    .filter(({ from, to }) => topOf(to) === "routes" && !["routes", "bench"].includes(topOf(from)));
  assertEquals(wrong, []);
});

Deno.test("what stands beside a page is for the pages of its folder", async () => {
  const wrong = (await imports()).filter(({ from, to }) => {
    const folder = /^(.*\/)\(_\w+\)\//.exec(to)?.[1];
    return folder !== undefined && topOf(to) === "routes" && !from.startsWith(folder);
  });
  assertEquals(wrong, []);
});

Deno.test("the modules of core keep their order", async () => {
  const wrong = (await imports()).filter(({ from, to }) => {
    const [, fromModule, ...rest] = from.split("/");
    const [top, toModule, ...toRest] = to.split("/");
    if (topOf(from) !== "core" || rest.length === 0) return false;
    if (top !== "core" || toRest.length === 0) return false;
    return toModule !== fromModule && !["config", "log", "store"].includes(toModule!) &&
      !CORE_MODULES[fromModule!]?.includes(toModule!);
  });
  assertEquals(wrong, []);
});

Deno.test("no file beside the modules of core is imported by a module that it imports", async () => {
  const all = (await imports()).filter(({ from, to }) =>
    topOf(from) === "core" && topOf(to) === "core"
  );
  const moduleOf = (path: string) => path.split("/").length > 2 ? path.split("/")[1] : null;
  const wrong = all.filter(({ from, to }) =>
    moduleOf(from) !== null && moduleOf(to) === null &&
    all.some((other) => other.from === to && moduleOf(other.to) === moduleOf(from))
  );
  assertEquals(wrong, []);
});

Deno.test("one file writes requests and the lists they are found by (decision 12)", async () => {
  const wrote =
    /\.(?:set|delete)\(\s*(?:\w+\.)?(?:keys|accessKeys)\.request(?:Pending|Open|Decided|Latest|ByPerson|OfRepresentative)?\(/;
  const writers: string[] = [];
  for (const file of (await sources(root)).filter((path) => topOf(path) === "core")) {
    if (wrote.test(await Deno.readTextFile(join(root, file)))) writers.push(file);
  }
  assertEquals(writers, ["core/access/requests/transition.ts"]);
});

Deno.test("the session of a person begins in one file", async () => {
  const openers: string[] = [];
  for (const file of (await sources(root)).filter((path) => topOf(path) === "core")) {
    if (/\bkind: "person",/.test(await Deno.readTextFile(join(root, file)))) openers.push(file);
  }
  assertEquals(openers, ["core/signin/open_session.ts"]);
});

Deno.test("production never reaches the tools", async () => {
  const all = await imports();
  const reached = new Set(["main.ts"]);
  const queue = ["main.ts", ...(await sources(root)).filter((f) => topOf(f) === "routes")];
  for (let file = queue.pop(); file; file = queue.pop()) {
    for (const { to } of all.filter(({ from }) => from === file)) {
      if (reached.has(to)) continue;
      reached.add(to);
      queue.push(to);
    }
  }
  assertEquals([...reached].filter((file) => /^(tools|tests|bench|dev)\b/.test(file)), []);
});

Deno.test("islands load only what is safe in a browser", async () => {
  const all = await imports({ runtime: true });
  const wrong = all.filter(({ from, to }) =>
    /^islands\/|\/\(_islands\)\//.test(from) && topOf(to) === "core" &&
    !BROWSER_SAFE.some((safe) => to.startsWith(safe))
  );
  assertEquals(wrong, []);
});

Deno.test("there are no circles of imports, those of types included", async () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of await imports()) {
    graph.set(from, [...graph.get(from) ?? [], to]);
  }
  const done = new Set<string>();
  const circle = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const found = circle(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) assertEquals(circle(file, []), null);
});
