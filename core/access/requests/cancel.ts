import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import type { AccessCode } from "../messages.ts";
import { transition } from "./transition.ts";

/**
 * Who asked takes the request back, as long as nobody has decided it. The request for an
 * establishment is taken back with that for the profile. Somebody else's is as good as none.
 */
export async function cancelRequest(
  deps: Deps,
  person: Person,
  id: string,
): Promise<Result<AccessRequest, AccessCode>> {
  return await transact(deps.kv, async (tx) => {
    const request = await tx.get(keys.request(id));
    if (!request || request.cpf !== person.cpf || request.step === "estabelecimento") {
      return refuse<AccessCode>("request_not_found");
    }
    if (request.state !== "pendente") {
      return refuse<AccessCode>("request_not_pending", { estado: request.state });
    }
    const by = { id: person.id, name: person.name };
    const ending = { move: "cancelar", by, via: "portal", reason: null } as const;
    return accept(await transition(deps, tx, request, ending));
  });
}
