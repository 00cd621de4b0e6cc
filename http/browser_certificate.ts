import type { Context } from "fresh";
import type { State } from "@/app.ts";
import { type PresentedCertificate, readClientCert } from "@/core/certificate/client_cert.ts";
import type { ClientCertCode } from "@/core/certificate/client_cert_messages.ts";
import type { ProxyConfig } from "@/core/config.ts";
import { sameSecret } from "@/core/keyed_hash.ts";
import { accept, refuse, type Result } from "@/core/result.ts";

/**
 * What a server that ends TLS itself says about a connection, beside what `Deno.serve` says. The
 * certificate goes with the connection's data, which only the server can write: no header of any
 * request can stand in for it.
 */
export interface TlsServeInfo extends Deno.ServeHandlerInfo {
  /** Null when the browser presented none. */
  clientCertificate: PresentedCertificate | null;
}

type Request = Pick<Context<State>, "info" | "req" | "state" | "url">;

/**
 * Where the certificate of the browser's connection can be used: at this address (`here`), at
 * another address of the portal, or, when neither this server nor a proxy asks for it, nowhere.
 */
export function browserDoor({ info, req, state, url }: Request): "here" | { at: string } | null {
  if (isTls(info)) return "here";
  const { proxy } = state.portal.config;
  if (!proxy) return null;
  if (proxy.origin && new URL(proxy.origin).host !== url.host) return { at: proxy.origin };
  return isProxy(proxy, info, req.headers) ? "here" : null;
}

/**
 * The certificate that the browser presented when it connected. Its key has been proved in the TLS
 * handshake, nothing else about it: whether it is trusted is for `checkCertificate` to say. In
 * particular a TLS server's own verdict is not heard, which a resumed session may turn to "yes".
 */
export function presentedCertificate(
  { info, req, state }: Request,
): Result<PresentedCertificate, ClientCertCode> {
  const presented = isTls(info)
    ? accept(info.clientCertificate)
    : fromProxy(state.portal.config.proxy, info, req.headers);
  if (!presented.ok) return presented;
  return presented.data ? accept(presented.data) : refuse("client_cert_missing");
}

function isTls(info: Deno.ServeHandlerInfo): info is TlsServeInfo {
  return "clientCertificate" in info;
}

function fromProxy(
  proxy: ProxyConfig | null,
  info: Deno.ServeHandlerInfo,
  headers: Headers,
): Result<PresentedCertificate | null, ClientCertCode> {
  if (!proxy || !isProxy(proxy, info, headers)) return refuse("client_cert_door_closed");
  return readClientCert(headers, proxy.header);
}

/** Every sign of the proxy that is configured must be there. */
function isProxy(proxy: ProxyConfig, info: Deno.ServeHandlerInfo, headers: Headers): boolean {
  const { remoteAddr } = info;
  const address = "hostname" in remoteAddr ? remoteAddr.hostname : "";
  if (proxy.addresses && !proxy.addresses.has(address)) return false;
  return !proxy.secret || sameSecret(headers.get("habilita-proxy-secret") ?? "", proxy.secret);
}
