import type { Context } from "fresh";
import type { State } from "./state.ts";
import { type CertificateSignIn, signInWithCertificate } from "@/core/signin/certificate.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import {
  type ClientCertCode,
  type ClientCertificate,
  readClientCert,
} from "@/core/certificate/client_cert.ts";
import type { CompanyIdentity } from "@/core/certificate/login.ts";
import type { CertificateCode } from "@/core/certificate/messages.ts";
import { accept, refuse, type Result } from "@/core/result.ts";
import type { Session } from "@/core/store/records/session.ts";
import { isProxy, type Origin } from "./caller.ts";
import { setSessionCookie } from "./cookie.ts";

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
export function browserCertificateSource(
  ctx: Origin & { url: URL },
): "here" | { at: string } | null {
  if (isTls(ctx.info)) return "here";
  const { proxy } = ctx.state.deps.config;
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
  const { proxy } = ctx.state.deps.config;
  if (!proxy?.header || !isProxy(ctx)) return refuse("client_cert_door_closed");
  return readClientCert(ctx.req.headers, proxy.header);
}

/** Where a certificate leads that was let in. */
export const NEXT_PAGE: Record<CertificateSignIn["next"], string> = {
  first_access: "/primeiro-acesso",
  password: "/certificado/senha",
  registration: "/certificado/registro",
};

/**
 * Lets in whom a company's certificate names, however it was presented: the answer leads on
 * and carries the new session. What the check or the sign-in refused is handed back.
 */
export async function signInBy(
  ctx: Context<State>,
  session: Session,
  company: Result<CompanyIdentity, CertificateCode>,
): Promise<Result<Response, CertificateCode | AccountCode>> {
  if (!company.ok) return company;
  const { deps } = ctx.state;
  const entry = await signInWithCertificate(deps, session, company.data);
  if (!entry.ok) return entry;
  const onwards = ctx.redirect(NEXT_PAGE[entry.data.next], 303);
  return accept(await setSessionCookie(onwards, deps, entry.data.session));
}
