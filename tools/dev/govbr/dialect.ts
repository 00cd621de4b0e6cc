import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JWK, KoaContextWithOIDC } from "oidc-provider";
import type { GovbrLevel } from "@/core/store/records/account.ts";

/** A person with an account at the simulated gov.br. */
export interface GovbrPerson {
  /** 11 digits. */
  cpf: string;
  nome: string;
  email: string;
}

/** Who has logged in at the provider, as they chose to be on its page. */
export interface GovbrAccount {
  person: GovbrPerson;
  level: GovbrLevel;
  /** gov.br gives no e-mail at all while it is not verified. */
  emailVerified: boolean;
}

/** What differs from a textbook provider; each can be switched while the provider runs. */
export interface Dialect {
  /** `sub` as `123456789-01`, as in one example of the integration guide. */
  dashInSub: boolean;
  /** `email_verified` of the id_token is the text `"true"`; in userinfo it is always a boolean. */
  emailVerifiedAsText: boolean;
  /** `scope` of the token response is a list; RFC 6749 3.3 says one text. */
  scopeAsList: boolean;
  /** Name and e-mail are in the id_token, not only at userinfo. */
  profileInIdToken: boolean;
  /** Changes the claims of the next id_tokens, which are then signed with the right key. */
  rewrite: ((claims: Record<string, unknown>) => Record<string, unknown>) | null;
  /** Signs the id_tokens with a key that is not published, under the name of the right one. */
  wrongKey: boolean;
}

/** gov.br as its guide describes it. */
export const GOVBR_DIALECT: Dialect = {
  dashInSub: false,
  emailVerifiedAsText: true,
  scopeAsList: true,
  profileInIdToken: true,
  rewrite: null,
  wrongKey: false,
};

/** The subject identifier of a person. */
export function subjectOf({ cpf }: GovbrPerson, { dashInSub }: Dialect): string {
  return dashInSub ? `${cpf.slice(0, 9)}-${cpf.slice(9)}` : cpf;
}

type TokenContext = Pick<KoaContextWithOIDC, "path" | "body" | "method" | "status">;

/** Turns what `oidc-provider` answers at `/token` into what gov.br would answer. */
export function speakDialect(dialect: Dialect, key: SigningKey) {
  return async (ctx: TokenContext, next: () => Promise<void>): Promise<void> => {
    await next();
    if (ctx.path !== "/token" || ctx.status !== 200) return;
    const answer = ctx.body as { id_token: string; scope: string };
    ctx.body = {
      ...answer,
      id_token: await signAgain(answer.id_token, dialect, key),
      scope: dialect.scopeAsList ? answer.scope.split(" ") : answer.scope,
    };
  };
}

async function signAgain(
  idToken: string,
  dialect: Dialect,
  key: SigningKey,
): Promise<string> {
  let claims: Record<string, unknown> = decodeJwt(idToken);
  if (dialect.emailVerifiedAsText && "email_verified" in claims) {
    claims.email_verified = String(claims.email_verified);
  }
  if (!dialect.profileInIdToken) {
    for (const name of ["name", "email", "email_verified"]) delete claims[name];
  }
  claims = dialect.rewrite?.(claims) ?? claims;
  const { privateKey } = dialect.wrongKey ? await makeSigningKey() : key;
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", kid: key.jwk.kid! })
    .sign(privateKey);
}

/** A key for RS256, as gov.br signs; `jwk` holds the private part too. */
export async function makeSigningKey(): Promise<{ jwk: JWK; privateKey: CryptoKey }> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { jwk: { ...jwk, kid: crypto.randomUUID(), alg: "RS256", use: "sig" }, privateKey };
}

export type SigningKey = Awaited<ReturnType<typeof makeSigningKey>>;
