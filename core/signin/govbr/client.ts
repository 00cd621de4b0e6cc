import * as oidc from "openid-client";
import type { GovbrConfig } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";

/** For each request to gov.br: finding, connecting and reading together. */
const TIMEOUT_SECONDS = 8;
/** How long what gov.br publishes about itself is believed without looking again. */
const METADATA_LIFE = 60 * 60_000;

interface KnownClient {
  client: Promise<oidc.Configuration>;
  until: number;
}

const clients = new WeakMap<GovbrConfig, KnownClient>();

/**
 * The client of gov.br, with what gov.br publishes about itself (OpenID Connect Discovery 1.0), whose
 * issuer must be the configured one. Looked up once an hour; a failure is not remembered.
 *
 * @throws when gov.br does not answer, or with something else
 */
export function getClient(deps: Deps, config: GovbrConfig): Promise<oidc.Configuration> {
  const known = clients.get(config);
  if (known && known.until > deps.now()) return known.client;
  const client = discover(config);
  clients.set(config, { client, until: deps.now() + METADATA_LIFE });
  client.catch(() => clients.delete(config));
  return client;
}

async function discover(config: GovbrConfig): Promise<oidc.Configuration> {
  const issuer = new URL(config.issuer);
  // Only a provider on the same machine may be spoken to without TLS; the settings see to that.
  const loopback = issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
  return await oidc.discovery(
    issuer,
    config.clientId,
    undefined,
    oidc.ClientSecretBasic(config.clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      [oidc.customFetch]: readScopeList,
      // The signature of the id_token is checked too, although it comes over TLS from gov.br itself.
      execute: [...loopback, oidc.enableNonRepudiationChecks],
    },
  );
}

/** gov.br may write the `scope` of a token response as a list; RFC 6749 3.3 knows one text only. */
const readScopeList: oidc.CustomFetch = async (url, options) => {
  const response = await fetch(url, options as RequestInit);
  const { status, headers } = response;
  if (status !== 200 || !headers.get("content-type")?.startsWith("application/json")) {
    return response;
  }
  const answer: unknown = await response.json();
  const isList = typeof answer === "object" && answer && "scope" in answer &&
    Array.isArray(answer.scope);
  return Response.json(
    isList ? { ...answer, scope: (answer.scope as unknown[]).join(" ") } : answer,
  );
};
