import {
  type ClientCertCode,
  type ClientCertificate,
  readClientCert,
} from "@/core/certificate/client_cert.ts";
import { accept, refuse, type Result } from "@/core/result.ts";
import { isProxy, type Origin } from "./proxy.ts";

/**
 * What a server that ends TLS itself says about a connection, beside what `Deno.serve` says. The
 * certificate goes with the connection's data, which only the server can write: no header of any
 * request can stand in for it.
 */
export interface TlsServeInfo extends Deno.ServeHandlerInfo {
  /** Null when the browser presented none. */
  clientCertificate: ClientCertificate | null;
}

/**
 * Where the certificate of the browser's connection can be used: at this address (`here`), at
 * another address of the portal, or, when neither this server nor a proxy asks for it, nowhere.
 */
export function browserDoor(ctx: Origin & { url: URL }): "here" | { at: string } | null {
  if (isTls(ctx.info)) return "here";
  const { proxy } = ctx.state.portal.config;
  if (!proxy?.header) return null;
  if (proxy.origin && new URL(proxy.origin).host !== ctx.url.host) return { at: proxy.origin };
  return isProxy(ctx) ? "here" : null;
}

/**
 * The certificate that the browser presented when it connected. Its key has been proved in the TLS
 * handshake, nothing else about it: whether it is trusted is for `checkCertificate` to say. In
 * particular a TLS server's own verdict is not heard, which a resumed session may turn to "yes".
 */
export function presentedCertificate(ctx: Origin): Result<ClientCertificate, ClientCertCode> {
  const presented = isTls(ctx.info) ? accept(ctx.info.clientCertificate) : fromProxy(ctx);
  if (!presented.ok) return presented;
  return presented.data ? accept(presented.data) : refuse("client_cert_missing");
}

function isTls(info: Deno.ServeHandlerInfo): info is TlsServeInfo {
  return "clientCertificate" in info;
}

function fromProxy(ctx: Origin): Result<ClientCertificate | null, ClientCertCode> {
  const { proxy } = ctx.state.portal.config;
  if (!proxy?.header || !isProxy(ctx)) return refuse("client_cert_door_closed");
  return readClientCert(ctx.req.headers, proxy.header);
}
