import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { tieByInvitation } from "@/core/access/invitations/accept.ts";
import { INVITATION_LIFE } from "@/core/access/invitations/invitation.ts";
import { setMembership } from "@/core/access/membership.ts";
import { createAccount } from "@/core/account/account.ts";
import { acceptTerms } from "@/core/account/terms.ts";
import type { Deps } from "@/core/deps.ts";
import { newId } from "@/core/ids.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import { list } from "@/core/store/read.ts";
import { transact } from "@/core/store/transact.ts";
import {
  certificate,
  inLetters,
  personOf,
  seedRepresentative,
  seedSession,
  testDeps,
} from "@/tests/fixtures/mod.ts";
import { seed } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people, syntheticCpf } from "@/tools/sample/people.ts";
import { sampleEstablishments } from "@/tools/sample/world.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { sources } from "../architecture/sources.ts";
import { root } from "../support/portal.ts";
import { PERMISSIONS } from "./permissions.ts";

const { alvorada } = operadoras;
const FIRST = sampleEstablishments[0]!.cnes;
const MANY = 55;
/** More invitations than a page holds. */
const INVITED = 52;
const PLACE = `/administracao/${FIRST}`;

/** More people than a page of any list holds. */
const manyOf = (i: number) => ({
  cpf: syntheticCpf(700 + i),
  nome: `Elisa Inventada ${inLetters(i)}`,
  email: `elisa${i}@pessoas.example`,
});

/** The demo world with those who look after others, and with people for them to look after. */
async function demoWorld() {
  const deps = await testDeps({}, Date.now());
  await seed(deps);
  const handle = await testApp(deps, { budget: false });
  const open = () => new Client(deps, handle);
  const helena = { ...people.helena, name: alvorada.representante! };
  const seen = {
    ...certificate(deps, alvorada.cnpj, { responsible: helena }),
    sha256: "c".repeat(64),
  };
  const representative = await open().enter(await seedRepresentative(deps, helena, seen));
  // Whom the operadora has invited, and who have accepted.
  for (let i = 0; i < INVITED; i++) {
    const { status } = await representative.post("/usuarios/novo", manyOf(MANY + i));
    assertEquals(status, 303);
  }
  for (let i = 0; i < MANY; i++) await putUser(deps, manyOf(i));
  const clientOf = async ({ cpf }: { cpf: string }) => {
    await acceptTerms(deps, await personOf(deps, { cpf }));
    return await open().enter(await seedSession(deps, { cpf }, { operadora: alvorada.cnpj }));
  };
  const user = await clientOf(people.elisa);
  await user.post(`/solicitar/${FIRST}`, { acao: "perfil", perfil: "OPERADOR" });
  const administrator = await clientOf(people.davi);
  return {
    deps,
    clients: { visitor: open(), user, administrator, representative },
    [Symbol.dispose]: () => deps[Symbol.dispose](),
  };
}

/** A person of the operadora, who works at the first establishment. */
async function putUser(deps: Deps, { cpf, nome: name, email }: ReturnType<typeof manyOf>) {
  const now = deps.now();
  await transact(deps.kv, async (tx) => {
    const person = createAccount(deps, tx, {
      ...{ cpf, name, email, password: null, origin: "convite" },
    });
    const { id } = person;
    await tieByInvitation(deps, tx, person, {
      ...{ id: newId(now), operadora: alvorada.cnpj, cpf, name, email, systems: [], by: id },
      ...{ createdAt: now, expiresAt: now + INVITATION_LIFE, state: "enviado" },
      ...{ password: null, account: null, endedAt: null },
    }, { by: "password", under: 0 });
    setMembership(tx, {
      ...{ cnes: FIRST, account: id, profile: "OPERADOR", since: now, by: id },
      ...{ mailbox: email, origin: { kind: "approved", by: id } },
    });
  });
}

type World = Awaited<ReturnType<typeof demoWorld>>;

const ADDRESSES = /\b(?:href|action|formaction|src)="([^"]*)"/g;

/** Visits every page that links lead to from a few, and posts each search on the way. */
async function crawl(client: Client, from: readonly string[], typed: readonly string[]) {
  const addresses: string[] = [];
  const queue = [...from];
  const visited = new Set<string>();
  const searched = new Set<string>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (visited.has(path)) continue;
    visited.add(path);
    const { location, text } = await client.get(path);
    const found = [...text.matchAll(ADDRESSES)]
      .map(([, address]) => address!.replaceAll("&amp;", "&"));
    addresses.push(path, ...found, ...location ? [location] : []);
    queue.push(...[...found, location ?? ""].filter((one) => /^\/(?!_|vendor|.*\.)/.test(one)));
    const [, search] = /<form method="post" action="([^"]*)" class="search"/.exec(text) ?? [];
    if (!search || searched.has(search)) continue;
    searched.add(search);
    for (const busca of typed) {
      const results = (await client.post(search.replaceAll("&amp;", "&"), { busca })).location!;
      addresses.push(results);
      queue.push(results);
    }
  }
  return { addresses, visited, searched };
}

/** What an address says in any of the ways in which one could say it. */
function spelledOut(address: string): string {
  const parts = address.split(/[/?&=#]/).map((part) => decodeURIComponent(part));
  const encoded = parts.filter((part) => /^[\w+/=-]{8,}$/.test(part)).map((part) => {
    try {
      return atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    } catch {
      return "";
    }
  });
  return [...parts, ...encoded].join(" ").replaceAll(/[.\-\s]/g, "").toLowerCase();
}

async function cpfsOf({ deps }: World): Promise<string[]> {
  const [accounts, invitations] = await Promise.all([
    Array.fromAsync(list(deps.kv, keys.account.under()), ({ value: { cpf } }) => cpf),
    Array.fromAsync(list(deps.kv, keys.invitation.under()), ({ value: { cpf } }) => cpf),
  ]);
  return [...accounts, ...invitations];
}

Deno.test("no address of any page of the demo world holds a CPF or a name that was searched", async (t) => {
  using world = await demoWorld();
  const known = await cpfsOf(world);
  assert(known.length > MANY + INVITED);
  const { cpf } = manyOf(3);
  // By CPF, by its beginning, and by a name that has more than one page.
  const typed = [cpf, formatCpf(cpf), cpf.slice(0, 8), "elisa inventada", "ninguém"];
  const pages = PERMISSIONS.filter(({ methods }) => methods.startsWith("GET"))
    .map(({ path }) => path.replace("[cnes]", FIRST).replace("[sistema]", "cadsus-web"))
    .filter((path) => !path.includes("["));
  const reached: Record<string, { searched: Set<string>; visited: Set<string> }> = {};
  for (const [who, client] of Object.entries(world.clients)) {
    await t.step(who, async () => {
      const { addresses, searched, visited } = await crawl(client, pages, typed);
      reached[who] = { searched, visited };
      const wrong = addresses.filter((address) => {
        const said = spelledOut(address);
        return /inventada|ninguém/.test(said) || known.some((one) => said.includes(one));
      });
      assertEquals(wrong, []);
    });
  }
  const nextPages = (who: string) =>
    [...reached[who]!.visited].filter((path) => /busca=.*a-partir-de=/.test(path)).length;
  assertEquals([...reached.representative!.searched].includes("/usuarios"), true);
  assertEquals([...reached.administrator!.searched].toSorted(), [
    PLACE,
    `${PLACE}?situacao=desativadas`,
  ]);
  assert(nextPages("representative") > 0 && nextPages("administrator") > 0);
});

Deno.test("forms that take a CPF lead to addresses without it", async () => {
  using world = await demoWorld();
  const { visitor, representative, user } = world.clients;
  const { cpf, nome, email } = manyOf(1);
  const cns = people.elisa.cns;
  const answers = [
    await visitor.post("/entrar", { login: cpf, senha: "x" }),
    await visitor.post("/recuperar-senha", { login: cpf }),
    await visitor.post("/cadastro", { cpf, cns, nome, email: "outro@pessoas.example" }),
    await representative.post("/usuarios/novo", { cpf, nome, email }),
    await user.post("/conta/cns", { cns }),
  ];
  const known = await cpfsOf(world);
  for (const { location, text } of answers) {
    for (const address of [location ?? "", ...[...text.matchAll(ADDRESSES)].map(([, a]) => a!)]) {
      const said = spelledOut(address);
      assert(![...known, cns].some((one) => said.includes(one)), address);
    }
  }
});

Deno.test("no page heeds a CPF in its address", async () => {
  using world = await demoWorld();
  const files = (await Promise.all(["routes", "http"].map((folder) => sources(join(root, folder)))))
    .flat();
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(join(root, file))));
  const names = new Set(
    texts.flatMap((source) => [
      ...[...source.matchAll(/searchParams\.(?:get|has)\("([^"]+)"/g)].map(([, name]) => name!),
      ...[...source.matchAll(/^const [A-Z]+ = "([\w-]+)";$/gm)].map(([, name]) => name!),
      "cpf",
    ]),
  );
  assert(names.has("busca") && names.has("a-partir-de"));
  const shown = (text: string) =>
    [...text.matchAll(/href="(\/[^"]*\/\w{26})"/g)].map(([, address]) => address!);
  for (const [who, path] of [["representative", "/usuarios"], ["administrator", PLACE]] as const) {
    for (const name of names) {
      const [asked, nobody] = await Promise.all(
        [manyOf(MANY - 1).cpf, "x"].map((value) =>
          world.clients[who].get(`${path}?${name}=${value}`)
        ),
      );
      assertEquals(shown(asked!.text), shown(nobody!.text), `${path}?${name}`);
      assert(!asked!.text.includes(manyOf(MANY - 1).cpf), `${path}?${name}`);
    }
  }
});
