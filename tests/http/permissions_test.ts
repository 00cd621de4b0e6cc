import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { authenticationBy } from "@/core/account/authentication.ts";
import { chooseOperadora, createSession } from "@/core/account/session.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import type { Deps } from "@/core/deps.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { keys } from "@/core/store/keys.ts";
import { transact } from "@/core/store/transact.ts";
import {
  addUser,
  ALFA,
  BETA,
  BY_PASSWORD,
  caio,
  certificate,
  CNES,
  deactivate,
  idOf,
  ivo,
  lia,
  manyPerson,
  must,
  nair,
  operadoraOf,
  PASSWORD,
  personOf,
  rosa,
  SECOND_CNES,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { root } from "../support/portal.ts";
import { routePatterns } from "../support/routes.ts";
import { type Access, PERMISSIONS, renderPermissions } from "./permissions.ts";

const KINDS = [
  "visitor",
  "usuario",
  "administrador",
  "representative",
  "other representative",
  "tie deactivated",
  "deactivated",
] as const;
type Kind = typeof KINDS[number];

/** How an answer treats the caller. */
type Treatment = "let in" | "led on" | "login" | "forbidden" | "not found" | "no method";

async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  const representative = await seedRepresentative(deps);
  const other = await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const usuario = await seedUser(deps, lia);
  const administrador = await seedUser(deps, caio);
  await seedMember(deps, caio);
  const off = await seedUser(deps, zeca);
  const gone = await seedUser(deps, nair);
  const choose = async (session: Session<LoggedIn>) =>
    (await chooseOperadora(deps, session, ALFA))!;
  const sessions: Record<Kind, Session | null> = {
    visitor: null,
    usuario: await choose(usuario),
    administrador: await choose(administrador),
    representative,
    "other representative": other,
    "tie deactivated": await choose(off),
    deactivated: await choose(gone),
  };
  const [actor, alfa, person] = await Promise.all([
    personOf(deps, rosa),
    operadoraOf(deps, ALFA),
    personOf(deps, zeca),
  ]);
  must(await setUserActive(deps, actor, alfa, person, false));
  await deactivate(deps, nair);
  const clients = new Map<Kind, Client>();
  for (const kind of KINDS) {
    const client = new Client(deps, handle);
    const session = sessions[kind];
    clients.set(kind, session ? await client.enter(session) : client);
  }
  const targets = {
    ofOperadora: (await personOf(deps, lia)).id,
    ofEstablishment: (await personOf(deps, caio)).id,
    invitation: must(await addUser(deps, manyPerson(1))).id,
  };
  return { deps, clients, targets };
}

function expected(access: Access, kind: Kind, path: string): Treatment[] {
  const outside = kind === "visitor" || kind === "deactivated";
  // The forms of the certificate door want the visit that their page opened.
  if (access === "all") return ["let in", "led on", "login"];
  if (access === "govbr") return ["not found", "led on"];
  if (access === "step") return ["login", "led on"];
  if (access === "telegram") return ["not found"];
  if (outside) return ["login"];
  if (access === "inside") return ["let in", "led on"];
  if (kind === "representative") return ["let in"];
  if (access === "establishment") return [kind === "administrador" ? "let in" : "forbidden"];
  if (kind !== "other representative") return ["forbidden"];
  return path.includes("[id]") ? ["not found"] : ["let in"];
}

function treatment(
  address: string,
  { status, location }: { status: number; location: string | null },
): Treatment {
  // Endpoints for scripts say it in JSON, without a redirect.
  if (status === 401) return "login";
  if (status === 403) return "forbidden";
  if (status === 404) return "not found";
  if (status === 405) return "no method";
  if (location?.startsWith("/entrar?fim")) return "login";
  // A search leads on to its results, on the same page.
  if (location?.split("?")[0] === address) return "let in";
  return location ? "led on" : "let in";
}

function addressOf(path: string, id: string): string {
  return path.replace("[id]", id).replace("[sistema]", "cadsus-web").replace("[cnes]", CNES);
}

Deno.test("every page and endpoint treats every kind of caller as the table says", async () => {
  const { deps, clients, targets } = await peopled();
  using _ = deps;
  const wrong: string[] = [];
  // Logging out last: the sessions are needed until then.
  const rows = PERMISSIONS.toSorted((a, b) =>
    Number(a.path === "/sair") - Number(b.path === "/sair")
  );
  for (const { path, methods, access } of rows) {
    for (const [kind, client] of clients) {
      const target = path.includes("/convites/")
        ? targets.invitation
        : access === "establishment"
        ? targets.ofEstablishment
        : targets.ofOperadora;
      const address = addressOf(path, target);
      for (const method of ["GET", "POST"]) {
        const answer = method === "GET" ? await client.get(address) : await client.post(address);
        const offered = methods.split(" ").includes(method);
        const got = treatment(address, answer);
        const right = offered
          ? expected(access, kind, path)
          : [...expected(access, kind, path), "no method"];
        if (!right.includes(got)) {
          wrong.push(`${method} ${path} as ${kind}: ${got} (${answer.status})`);
        }
        if (answer.status === 500) wrong.push(`${method} ${path} as ${kind}: ${answer.status}`);
        if (!offered && got === "let in") wrong.push(`${method} ${path}: not in the table`);
      }
    }
  }
  assertEquals(wrong, []);
});

/** The first signing key is made when it is asked for. */
const WRITING_PAGES = ["/.well-known/jwks.json"];

Deno.test("no page changes anything by being looked at", async () => {
  const { deps, clients, targets } = await peopled();
  using _ = deps;
  // The probe of the store has a record of its own.
  const changes = ({ key }: Deno.KvEntry<unknown>) => key[0] !== keys.storeProbe.family;
  const versions = async () =>
    (await Array.fromAsync(deps.kv.list({ prefix: [] }))).filter(changes)
      .map(({ key, versionstamp }) => `${key.join(" ")} ${versionstamp}`).join("\n");
  // Works for one operadora, which nothing has chosen yet.
  clients.set("usuario", await clients.get("usuario")!.enter(await userWithoutChoice(deps)));
  // The session of a person who is deactivated ends at their next request, whatever that is.
  clients.delete("deactivated");
  let before = await versions();
  for (const { path, methods, access } of PERMISSIONS) {
    if (!methods.includes("GET") || WRITING_PAGES.includes(path)) continue;
    const target = access === "establishment" ? targets.ofEstablishment : targets.ofOperadora;
    for (const [kind, client] of clients) {
      await client.get(addressOf(path, target));
      const after = await versions();
      assertEquals(after === before, true, `GET ${path} as ${kind}`);
      before = after;
    }
  }
});

Deno.test("the only operadora is chosen at the sign-in, another one on its page", async () => {
  const { deps, clients } = await peopled();
  using _ = deps;
  const client = clients.get("visitor")!;
  const entered = await client.post("/entrar", { login: lia.cpf, senha: PASSWORD });
  assertEquals(entered.location, "/painel");
  assertEquals((await client.get("/painel")).status, 200);
  assertEquals((await client.get("/operadoras")).location, "/painel");
  // Registered after the sign-in.
  await client.enter(await userWithoutChoice(deps));
  assertEquals((await client.get("/painel")).location, "/operadoras");
  assertMatch((await client.get("/operadoras")).text, new RegExp(`value="${ALFA}" checked`));
  assertEquals((await client.post("/operadoras", { operadora: ALFA })).location, "/painel");
});

async function userWithoutChoice(deps: Deps): Promise<Session<LoggedIn>> {
  const account = await idOf(deps, lia);
  return await transact(deps.kv, (tx) =>
    createSession<LoggedIn>(deps, tx, {
      agent: "test",
      state: {
        ...BY_PASSWORD,
        kind: "person",
        account,
        certificate: null,
        operadora: null,
        authenticatedAt: deps.now(),
        ...authenticationBy(deps, "password"),
      },
    }));
}

Deno.test("a request of an establishment is decided by its administrador and by nobody else", async () => {
  const { deps, clients } = await peopled();
  using _ = deps;
  const asker = await personOf(deps, rosa);
  const [own, elsewhere] = await Promise.all(
    [CNES, SECOND_CNES].map(async (cnes) =>
      must(await createRequest(deps, asker, { cnes, profile: "OPERADOR" }, UNLIMITED)).id
    ),
  );
  const decide = (kind: Kind, pedido: string) =>
    clients.get(kind)!.post("/pedidos", { pedido, decisao: "aprovar" });
  for (const kind of KINDS) {
    const outside = kind === "visitor" || kind === "deactivated";
    const { status, location } = await decide(kind, elsewhere!);
    assertEquals([status, location], outside ? [303, "/entrar?fim"] : [403, null], kind);
    if (kind === "administrador") continue;
    assertEquals((await decide(kind, own!)).status, outside ? 303 : 403, kind);
  }
  assertEquals((await decide("administrador", own!)).location, `/pedidos?decidido=${own}`);
});

Deno.test("every route has its row, and every row its route", async () => {
  assertEquals(
    PERMISSIONS.map(({ path }) => path).toSorted(),
    (await routePatterns()).toSorted(),
  );
});

Deno.test("docs/permissions.md says the same", async () => {
  const plain = (text: string) => text.replace(/-{2,}/g, "--").replace(/\s+/g, " ").trim();
  const written = await Deno.readTextFile(join(root, "docs/permissions.md"));
  assertEquals(plain(written), plain(renderPermissions()));
});
