import { getPerson } from "@/core/account/person.ts";
import {
  createSession,
  type LoggedIn,
  SESSION_COOKIE,
  sessionToken,
} from "@/core/account/session.ts";
import type { Portal } from "@/core/portal.ts";
import { acceptTerms } from "@/core/account/terms.ts";
import { transact } from "@/core/store/transact.ts";
import { testPortal } from "@/core/testing.ts";
import { seed } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { slow } from "./slow_store.ts";
import { testApp } from "../tests/support/app.ts";

/** Milliseconds that the store takes for each operation here: far more than all else in a request. */
const TRIP = 40;
const PAGES = ["/", "/entrar", "/certificado", "/operadoras", "/painel", "/solicitar", "/pedidos"];

/**
 * How many round trips to the store each page waits for, one after the other. At the edge each costs
 * 70 to 190 ms, so this is what a person far from the store feels. Measured with a store that answers
 * slowly: the time of the page divided by the time of a trip.
 */
export async function benchRoundTrips(): Promise<void> {
  using inner = await testPortal({}, Date.now());
  await seed(inner);
  const portal: Portal = { ...inner, kv: slow(inner.kv, TRIP), now: Date.now };
  const handle = await testApp(portal);
  console.log("  page           trips  HTML bytes  gzip");
  for (const path of PAGES) {
    const visitor = path === "/entrar" || path === "/certificado";
    // The first answer finds nothing loaded yet; a page may change the session, so each gets its own.
    const request = async () => {
      const headers = visitor ? undefined : { cookie: `${SESSION_COOKIE}=${await logIn(inner)}` };
      return new Request(`http://localhost:8000${path}`, { headers });
    };
    await (await handle(await request())).body?.cancel();
    const measured = await request();
    const started = performance.now();
    const response = await handle(measured);
    const html = await response.bytes();
    const trips = Math.round((performance.now() - started) / TRIP - 0.3);
    const gzip = await new Response(
      new Blob([html]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    console.log(
      `  ${path.padEnd(14)} ${String(trips).padStart(5)}  ${String(html.length).padStart(10)}  ` +
        `${String(gzip.length).padStart(4)}`,
    );
  }
}

async function logIn(portal: Portal): Promise<string> {
  const person = await getPerson(portal, people.davi.cpf);
  await acceptTerms(portal, person!);
  const session = await transact(portal.kv, (tx) =>
    createSession<LoggedIn>(portal, tx, {
      agent: "bench",
      state: {
        kind: "person",
        cpf: person!.cpf,
        certificate: null,
        operadora: operadoras.alvorada.cnpj,
        authenticatedAt: portal.now(),
      },
    }));
  return await sessionToken(portal, session);
}
