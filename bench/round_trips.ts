import { authenticationBy } from "@/core/account/authentication.ts";
import { accountForCpf } from "@/core/account/account.ts";
import { keepSearch } from "@/core/access/search.ts";
import { createSession, SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import { acceptTerms } from "@/core/account/terms.ts";
import type { LoggedIn } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import {
  ALFA,
  seedPeople,
  seedRegistries,
  seedRepresentative,
  testDeps,
} from "@/tests/fixtures/mod.ts";
import { seed } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { testApp } from "../tests/support/app.ts";
import { countTrips, RoundTrips } from "../tests/support/round_trips.ts";
import { BY_PASSWORD } from "@/tests/fixtures/people.ts";

const PAGES = ["/", "/entrar", "/certificado", "/operadoras", "/painel", "/solicitar", "/pedidos"];

/**
 * How many round trips to the store each page waits for, one after the other. At the edge each costs
 * 70 to 190 ms, so this is what a person far from the store feels.
 */
export async function benchRoundTrips(): Promise<void> {
  using deps = await testDeps({}, Date.now());
  await seed(deps);
  const handle = await testApp(deps, { budget: false });
  console.log("  page           trips  HTML bytes  gzip");
  for (const path of PAGES) {
    const visitor = path === "/entrar" || path === "/certificado";
    // The first answer finds nothing loaded yet; a page may change the session, so each gets its own.
    const request = async () => {
      const headers = visitor ? undefined : { cookie: `${SESSION_COOKIE}=${await logIn(deps)}` };
      return new Request(`http://localhost:8000${path}`, { headers });
    };
    await (await handle(await request())).body?.cancel();
    const measured = await request();
    const trips = new RoundTrips();
    const response = await countTrips(deps.kv, trips, () => handle(measured));
    const html = await response.bytes();
    const gzip = await new Response(
      new Blob([html]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    console.log(
      `  ${path.padEnd(14)} ${String(trips.count).padStart(5)}  ` +
        `${String(html.length).padStart(10)}  ${String(gzip.length).padStart(4)}`,
    );
  }
}

/** The same of the people of an operadora with 10,000 of them. */
export async function benchManyPeople(): Promise<void> {
  using deps = await seedRegistries();
  const session = await seedRepresentative(deps);
  await seedPeople(deps, ALFA, 10_000);
  const handle = await testApp(deps, { budget: false });
  const headers = { cookie: `${SESSION_COOKIE}=${await sessionToken(deps, session)}` };
  for (const typed of ["", "maria", "maria inventada"]) {
    const id = await keepSearch(deps, session, typed);
    const path = id ? `/usuarios?busca=${id}` : "/usuarios";
    const ask = async () => {
      const response = await handle(new Request(`http://localhost:8000${path}`, { headers }));
      await response.body?.cancel();
    };
    await ask();
    const trips = new RoundTrips();
    await countTrips(deps.kv, trips, ask);
    console.log(`  ${`/usuarios ${typed}`.padEnd(32)} ${trips.count}`);
  }
}

async function logIn(deps: Deps): Promise<string> {
  const person = await accountForCpf(deps, people.davi.cpf);
  await acceptTerms(deps, person!);
  const session = await transact(deps.kv, (tx) =>
    createSession<LoggedIn>(deps, tx, {
      agent: "bench",
      state: {
        ...BY_PASSWORD,
        kind: "person",
        account: person!.id,
        certificate: null,
        operadora: operadoras.alvorada.cnpj,
        authenticatedAt: deps.now(),
        ...authenticationBy(deps, "password"),
      },
    }));
  return await sessionToken(deps, session);
}
