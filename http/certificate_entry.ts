import type { Context } from "fresh";
import type { State } from "@/app.ts";
import { type CertificateEntry, enterWithCertificate } from "@/core/account/certificate_entry.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { CompanyIdentity } from "@/core/certificate/login.ts";
import type { CertificateCode } from "@/core/certificate/messages.ts";
import { accept, type Result } from "@/core/result.ts";
import type { Session } from "@/core/store/records/session.ts";
import { giveSession } from "./cookie.ts";

/** Where a certificate leads that was let in. */
export const NEXT_PAGE: Record<CertificateEntry["next"], string> = {
  first_access: "/primeiro-acesso",
  password: "/certificado/senha",
  registration: "/certificado/registro",
};

/**
 * Lets in whom a company's certificate names, whichever door it came through: the answer leads on
 * and carries the new session. What the door or the entry refused is handed back.
 */
export async function enterBy(
  ctx: Context<State>,
  session: Session,
  company: Result<CompanyIdentity, CertificateCode>,
): Promise<Result<Response, CertificateCode | AccountCode>> {
  if (!company.ok) return company;
  const { portal } = ctx.state;
  const entry = await enterWithCertificate(portal, session, company.data);
  if (!entry.ok) return entry;
  const onwards = ctx.redirect(NEXT_PAGE[entry.data.next], 303);
  return accept(await giveSession(onwards, portal, entry.data.session));
}
