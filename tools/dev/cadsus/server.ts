import { type Arrival, createDoor, Refused } from "@/docs/integration/verify.ts";
import { doorPage, refusalPage, welcomePage } from "./page.ts";

/** A target system on this machine, at an origin of its own, that people are handed off to. */
export interface CadsusServer {
  origin: string;
  /** Where the portal's form is posted; for the list of systems. */
  address: string;
  close(): Promise<void>;
}

const COOKIE = "cadsus";

/**
 * Starts a stand-in of CadSUS Web on a free port of the loopback interface. It lets people in by the
 * example that docs/integration.md gives to the makers of such systems, and by nothing else.
 *
 * @param deps origin of the portal
 * @param now milliseconds since the epoch
 */
export function startCadsus(deps: string, now: () => number = Date.now): CadsusServer {
  const sessions = new Map<string, Arrival>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/entrada" && request.method === "POST") return enter(request);
      if (pathname === "/" && request.method === "GET") return html(home(request));
      return new Response(null, { status: 404 });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const admit = createDoor({ deps, audience: origin, now });

  async function enter(request: Request): Promise<Response> {
    try {
      const form = await request.formData();
      const person = await admit({
        token: String(form.get("token") ?? ""),
        proof: String(form.get("proof") ?? ""),
        origin: request.headers.get("origin"),
      });
      const session = crypto.randomUUID();
      sessions.set(session, person);
      return new Response(null, {
        status: 303,
        headers: {
          Location: "/",
          "Set-Cookie": `${COOKIE}=${session}; HttpOnly; SameSite=Lax; Path=/`,
        },
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return html(refusalPage(deps, error.problem), 403);
    }
  }

  function home(request: Request): string {
    const session = /(?:^|; )cadsus=([\w-]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
    const person = session && sessions.get(session);
    return person ? welcomePage(person) : doorPage(deps);
  }

  return { origin, address: `${origin}/entrada`, close: () => server.shutdown() };
}

function html(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  });
}
