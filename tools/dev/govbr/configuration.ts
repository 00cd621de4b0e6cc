import type { Configuration, JWK } from "oidc-provider";
import { randomToken } from "@/core/ids.ts";
import type { GovbrAccount } from "./dialect.ts";

/**
 * `oidc-provider` without its warnings, which are about production: another runtime than Node, a
 * store in memory.
 */
export const { Provider, interactionPolicy } = await withoutWarnings(() => import("oidc-provider"));

export async function withoutWarnings<T>(work: () => T | Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...args) => String(args[0]).includes("oidc-provider") || warn(...args);
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

export interface GovbrClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

const CONFIDENCE = "govbr_confiabilidades";

/**
 * The settings that make `oidc-provider` speak like gov.br: its addresses, its scopes, PKCE required,
 * id_tokens that live 60 seconds, no page that asks for consent.
 *
 * @param accounts who has logged in, by their `sub`
 */
export function govbrConfiguration(
  client: GovbrClient,
  accounts: ReadonlyMap<string, GovbrAccount>,
  key: JWK,
): Configuration {
  return {
    clients: [{
      client_id: client.clientId,
      client_secret: client.clientSecret,
      redirect_uris: [client.redirectUri],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
    }],
    jwks: { keys: [key] },
    cookies: { keys: [randomToken()] },
    routes: {
      authorization: "/authorize",
      token: "/token",
      jwks: "/jwk",
      userinfo: "/userinfo/",
      end_session: "/logout",
    },
    scopes: ["openid", "email", "profile", CONFIDENCE, `${CONFIDENCE}_idtoken`],
    claims: {
      openid: ["sub", "amr"],
      email: ["email", "email_verified"],
      profile: ["name"],
      [`${CONFIDENCE}_idtoken`]: ["reliability_info"],
    },
    // The claims of the scopes are in the id_token too.
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    ttl: {
      IdToken: 60,
      AuthorizationCode: 60,
      AccessToken: 600,
      Grant: 600,
      Interaction: 600,
      Session: 600,
    },
    findAccount: (_, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ sub, ...claimsOf(account) }) };
    },
    interactions: {
      policy: alwaysAskWho(),
      url: (_, { uid }) => `/interacao/${uid}`,
    },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: ctx.oidc.session!.accountId,
      });
      grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
      await grant.save();
      return grant;
    },
  };
}

function claimsOf({ person, level, emailVerified }: GovbrAccount) {
  return {
    name: person.nome,
    amr: ["passwd"],
    reliability_info: { level, reliabilities: [] },
    ...emailVerified ? { email: person.email, email_verified: true } : {},
  };
}

/** The page with the people is shown each time, so that a developer can come as another person. */
function alwaysAskWho() {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  policy.get("login")!.checks.add(
    new interactionPolicy.Check(
      "always",
      "the development world asks each time",
      (ctx) => !ctx.oidc.result?.login,
    ),
  );
  return policy;
}
