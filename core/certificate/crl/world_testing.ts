import { type Config, DEFAULT_CRL } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import type { Certificate } from "../x509.ts";
import { checkRevocation } from "./revocation.ts";
import { newAuthority, newLeaf, TIME } from "./testing.ts";

/** Root, AC and a company's certificate; each names two addresses of its issuer's list. */
export const root = await newAuthority("RAIZ");
export const ac = await newAuthority("AC", { issuer: root, crlUrls: urls("raiz") });
export const leaf = await newLeaf(ac, { crlUrls: urls("ac") });
export const path = [leaf, ac.parsed, root.parsed];

export function urls(name: string): string[] {
  return [`http://crl.example/${name}.crl`, `http://crl2.example/${name}.crl`];
}

type Served = Uint8Array | Response | (() => Promise<Response>) | undefined;

/** What an authority's two hosts serve, by host and path, and what they were asked. */
export interface CrlWorld extends AsyncDisposable {
  deps: TestDeps;
  /** E.g. `/ac.crl` for both hosts, `crl2.example/ac.crl` for one. */
  serve(what: Record<string, Served>): void;
  asked: string[];
}

export async function crlWorld(config: Partial<Config["crl"]> = {}): Promise<CrlWorld> {
  let served: Record<string, Served> = {};
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    const full = request.headers.get("host") + pathname;
    asked.push(full);
    const answer = served[full] ?? served[pathname];
    if (answer instanceof Uint8Array) return new Response(answer.slice());
    if (typeof answer === "function") return answer();
    return answer?.clone() ?? new Response("não há", { status: 404 });
  });
  const place = { address: "127.0.0.1", port: server.addr.port };
  const deps = await testDeps({
    crl: {
      ...DEFAULT_CRL,
      hosts: ["crl.example", "crl2.example"],
      standIns: { "crl.example": place, "crl2.example": place },
      ...config,
    },
  }, TIME);
  return {
    deps,
    asked,
    serve: (what) => void (served = what),
    async [Symbol.asyncDispose]() {
      deps[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

export async function codeFor(deps: Deps, certificates: readonly Certificate[] = path) {
  return (await checkRevocation(deps, certificates))?.code ?? "ok";
}
