import { createSession } from "@/core/account/session.ts";
import { TERMS_VERSION } from "@/core/account/terms.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { RegisteredCertificate } from "@/core/store/records/account.ts";
import type { LoggedIn } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import { certificate, type WorldPerson } from "@/core/testing_world.ts";
import type { testApp } from "./app.ts";
import { Client } from "./client.ts";

/**
 * A browser in which somebody is logged in, the terms accepted, and has chosen an operadora (CNPJ);
 * with `represents`, by the certificate of that operadora.
 */
export async function insider(
  deps: Deps,
  handle: Awaited<ReturnType<typeof testApp>>,
  { cpf }: WorldPerson,
  { represents, operadora }: { represents?: string; operadora?: string } = {},
): Promise<Client> {
  const now = deps.now();
  const presented = represents ? certificate(deps, represents) : null;
  const session = await transact(deps.kv, (tx) => {
    tx.set(keys.termsAccepted(cpf, TERMS_VERSION), now);
    if (presented) {
      const { sha256, notAfter } = presented;
      const registered: RegisteredCertificate = { sha256, notAfter, registeredAt: now };
      tx.set(keys.certificateOfOperadora(represents!), registered);
      tx.set(keys.operadoraOfCertificate(sha256), represents!);
    }
    return createSession<LoggedIn>(deps, tx, {
      agent: "test",
      state: {
        kind: "person",
        cpf,
        certificate: presented && { ...presented, operadora: represents! },
        operadora: represents ?? operadora ?? null,
        authenticatedAt: now,
      },
    });
  });
  return await new Client(deps, handle).enter(session);
}
