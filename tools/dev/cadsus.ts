import { escape } from "@std/html";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import type { System, SystemCredential, SystemKey } from "@/core/config/mod.ts";
import { type Arrival, createDoor, type Problem, Refused } from "@/docs/integration/verify.ts";
import { plainPage } from "./plain_page.ts";

/** A target system on this machine, at an origin of its own, that people are handed off to. */
export interface CadsusServer {
  origin: string;
  /** For the list of systems: its id, where the portal's form is posted, its public key. */
  system: Pick<System, "id" | "credential"> & { address: string };
  close(): Promise<void>;
}

const COOKIE = "cadsus";

/**
 * Starts a stand-in of CadSUS Web on a free port of the loopback interface. It lets people in by the
 * example that docs/integration.md gives to the makers of such systems, and by nothing else. It redeems
 * with a key that is made here and nowhere kept.
 *
 * @param portal origin of the portal
 * @param id its own, in the list of systems
 * @param now milliseconds since the epoch
 */
export async function startCadsus(
  portal: string,
  { id = "cadsus-web", now = Date.now }: { id?: string; now?: () => number } = {},
): Promise<CadsusServer> {
  const { credential, registered } = await makeCredential();
  const sessions = new Map<string, Arrival>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/entrada" && request.method === "POST") return enter(request);
      if (pathname === "/" && request.method === "GET") return htmlAnswer(home(request));
      return new Response(null, { status: 404 });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const admit = createDoor({ portal, system: id, credential, now });

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
      return htmlAnswer(refusalPage(portal, error.problem), 403);
    }
  }

  function home(request: Request): string {
    const session = /(?:^|; )cadsus=([\w-]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
    const person = session && sessions.get(session);
    return person ? welcomePage(person) : doorPage(portal);
  }

  const system = { id, address: `${origin}/entrada`, credential: registered };
  return { origin, system, close: () => server.shutdown() };
}

/** A key pair, and the half of it that the portal is to know. */
async function makeCredential() {
  const alg = "ES256";
  const { privateKey: key, publicKey } = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const registered: SystemCredential = {
    kind: "keys",
    keys: [{ ...jwk, kid, alg, use: "sig" } as SystemKey],
  };
  return { credential: { key, alg, kid }, registered };
}

function htmlAnswer(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  });
}

/** What the stand-in says to a person that it does not let in. */
const PROBLEMS: Record<Problem, string> = {
  origin_wrong: "O pedido não veio do portal.",
  token_invalid: "O passe não foi assinado pelo portal, ou foi alterado.",
  token_key_unknown: "O passe foi assinado com uma chave que o portal não publica.",
  token_late: "O passe venceu: ele vale por 60 segundos.",
  audience_wrong: "O passe é para outro sistema.",
  proof_invalid: "Falta a assinatura do computador para este passe.",
  computer_wrong: "O passe é de outro computador.",
  replayed: "O passe já foi usado.",
  not_active: "O portal não confirma mais este acesso.",
  credential_wrong: "O portal não reconhece este sistema: a chave não é a que está configurada.",
  portal_unreachable: "O portal não respondeu.",
};

function welcomePage(person: Arrival): string {
  const facts = [
    ["Conta (sub)", person.sub],
    ["Nome", person.name],
    person.cpf
      ? ["CPF comprovado (cpf)", `${person.cpf}, por ${person.cpf_proof}`]
      : ["CPF informado (cpf_informed)", `${person.cpf_informed}, por ${person.cpf_informed_by}`],
    ["CNS", person.cns ? `${person.cns} (${person.cns_quality})` : "não informado"],
    ["CNES", person.cnes],
    ["Perfil", person.profile],
    ["Entrou com (amr)", person.amr.join(", ")],
    ["Força (acr)", person.acr],
    ["Entrou às (auth_time)", new Date(person.auth_time * 1_000).toISOString()],
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value!)}</dd>`);
  return page("Bem-vindo", `<p>O portal apresentou você:</p><dl>${list.join("")}</dl>`);
}

function refusalPage(portal: string, problem: Problem): string {
  return page(
    "Não foi possível entrar",
    `<p role="alert">${PROBLEMS[problem]}</p><p>Código: <code>${problem}</code></p>${back(portal)}`,
  );
}

function doorPage(portal: string): string {
  return page("Entre pelo portal", `<p>Não há senha aqui.</p>${back(portal)}`);
}

function back(portal: string): string {
  return `<p><a href="${escape(portal)}/painel">Voltar ao portal e tentar de novo</a></p>`;
}

function page(title: string, body: string): string {
  return plainPage(
    `${title} · CadSUS Web simulado`,
    `<p>CadSUS Web simulado. Só existe no mundo de desenvolvimento.</p>\n<h1>${title}</h1>\n${body}`,
  );
}
