import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JWK, KoaContextWithOIDC } from "oidc-provider";
import type { Dialect } from "./account.ts";

type Context = Pick<KoaContextWithOIDC, "path" | "body" | "method" | "status">;

/** Turns what `oidc-provider` answers at `/token` into what gov.br would answer. */
export function speakDialect(dialect: Dialect, key: SigningKey) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
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
