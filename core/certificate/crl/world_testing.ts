import { type Config, DEFAULT_CRL } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { ca, leaf, root } from "@/tests/fixtures/pki.ts";
import { type Certificate, parseCertificate } from "../x509.ts";
import { checkRevocation } from "./revocation.ts";

export const path = [leaf, ca, root].map(({ der }) => parseCertificate(der));

export type Served = Uint8Array<ArrayBuffer> | (() => Response | Promise<Response>) | undefined;

/** A portal, what the two hosts of the authorities' lists serve to it, and what they were asked. */
export async function crlWorld(config: Partial<Config["crl"]> = {}) {
  let served: Record<string, Served> = {};
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { host, pathname } = new URL(request.url);
    asked.push(host + pathname);
    const answer = served[host + pathname] ?? served[pathname];
    if (typeof answer === "function") return answer();
    return answer ? new Response(answer) : new Response("não há", { status: 404 });
  });
  const place = { address: "127.0.0.1", port: server.addr.port };
  const standIns = { "crl.example": place, "crl2.example": place };
  const crl = { ...DEFAULT_CRL, hosts: Object.keys(standIns), standIns, ...config };
  const deps = await testDeps({ crl });
  return {
    deps,
    asked,
    /** By path, e.g. `/ac.crl` for both hosts, or with the host, e.g. `crl2.example/ac.crl`. */
    serve: (what: Record<string, Served>) => void (served = what),
    async [Symbol.asyncDispose]() {
      deps[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

export async function codeFor(deps: Deps, certificates: readonly Certificate[] = path) {
  return (await checkRevocation(deps, certificates))?.code ?? "ok";
}
