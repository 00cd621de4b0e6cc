import type { IDToken, UserInfoResponse } from "openid-client";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { GovbrLevel } from "../../store/records/account.ts";
import { parseEmail } from "../../account/person.ts";
import { parseLevel } from "./level.ts";
import type { GovbrCode } from "./messages.ts";

/** What the portal takes from gov.br about a person. */
export interface GovbrIdentity {
  /** 11 digits. The only thing that says who it is; name and e-mail never do. */
  cpf: string;
  name: string;
  /** Only one that gov.br has verified; else null. */
  email: string | null;
  level: GovbrLevel;
}

type Claims = Partial<IDToken & UserInfoResponse>;

/** Is something missing that userinfo might have? */
export function isIncomplete({ name, email }: Claims): boolean {
  return !name || !email;
}

/**
 * Reads the claims of a verified id_token, completed with those of userinfo. `sub` is the CPF, in one
 * example of gov.br's guide with a dash; the level counts only from the signed id_token.
 */
export function readIdentity(idToken: Claims, userinfo: Claims): Result<GovbrIdentity, GovbrCode> {
  const cpf = parseCpf(idToken.sub ?? "");
  const name = readName(idToken.name ?? userinfo.name);
  if (!cpf || !name) return refuse("govbr_answer_invalid");
  const { reliability_info: reliability } = idToken as { reliability_info?: { level?: unknown } };
  const level = parseLevel(reliability?.level);
  if (!level) return refuse("govbr_level_unknown");
  const email = verifiedEmail(idToken) ?? verifiedEmail(userinfo);
  return accept({ cpf, name, email, level });
}

/** `email_verified` is the text "true" in the id_token and a boolean in userinfo. */
function verifiedEmail({ email, email_verified: verified }: Claims): string | null {
  const isVerified = verified === true || (verified as unknown) === "true";
  return isVerified && typeof email === "string" ? parseEmail(email) : null;
}

/** Taken as the Receita Federal has it, which need not be two words. */
function readName(name: unknown): string | null {
  if (typeof name !== "string") return null;
  return name.normalize("NFC").replace(/\s+/g, " ").trim().slice(0, 120) || null;
}
