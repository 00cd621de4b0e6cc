import { log } from "../log/mod.ts";
import type { Deps } from "../deps.ts";
import type { Finding, Part } from "./part.ts";

/**
 * Why it is not known from which network a request comes: a proxy that the settings do not name, or one
 * that does not hand on the browser's address.
 */
export type UnknownCaller = "undeclared_proxy" | "not_forwarded";

/** Since when (ms) this process has had such requests, by what is wrong. */
const known = new WeakMap<Deno.Kv, Map<UnknownCaller, number>>();

/** Remembers, and logs once a process, that a request came whose network is not known. */
export function noteUnknownCaller({ kv, now }: Deps, fault: UnknownCaller): void {
  const faults = known.get(kv) ?? new Map<UnknownCaller, number>();
  known.set(kv, faults);
  if (faults.has(fault)) return;
  faults.set(fault, now());
  log("warning", "caller_unknown", { fault, todo: TODO[fault] });
}

const TODO: Record<UnknownCaller, string> = {
  undeclared_proxy: "Declare o proxy em HABILITA_TRUSTED_PROXIES ou HABILITA_PROXY_SECRET.",
  not_forwarded: "Configure o proxy de HABILITA_TRUSTED_PROXIES para enviar X-Forwarded-For.",
};

function lookAtNetwork({ kv }: Deps): Promise<Finding> {
  const [first] = known.get(kv) ?? [];
  if (!first) return Promise.resolve({ state: "ok", text: "As tentativas são contadas por rede." });
  const [fault, since] = first;
  return Promise.resolve({
    state: "warning",
    since,
    text: "Não se sabe de que rede vêm os pedidos: as tentativas não são contadas por rede.",
    todo: TODO[fault],
  });
}

/** Of the process that serves: another one sees no requests. */
export const networkPart: Part = {
  id: "network",
  name: "Rede de quem entra",
  look: lookAtNetwork,
};
