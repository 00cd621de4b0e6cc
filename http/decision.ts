import { whatIsAsked } from "@/core/access/requests/describe.ts";
import { getRequest } from "@/core/access/requests/request.ts";
import { getPerson } from "@/core/account/person.ts";
import type { Portal } from "@/core/portal.ts";
import { getEstablishment } from "@/core/registry/establishment.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";

/**
 * What somebody has just decided, in words, for the page they come back to. Only of their own
 * decisions: the id is in the address, and anybody may type another.
 */
export async function describeDecision(
  portal: Portal,
  decider: Person,
  id: string,
): Promise<string | null> {
  const request = id === "" ? null : await getRequest(portal, id);
  if (!request || request.decidedBy?.id !== decider.id) return null;
  const [person, establishment] = await Promise.all([
    getPerson(portal, request.cpf),
    getEstablishment(portal, request.cnes),
  ]);
  const where = establishment?.nome ?? `CNES ${request.cnes}`;
  const what = `${whatIsAsked(request)} em ${where}, pedido por ${person?.name ?? "alguém"}`;
  return request.state === "aprovada"
    ? `Você aprovou ${what}. ${afterApproval(request)}`
    : `Você reprovou ${what}. A pessoa recebeu o motivo por e-mail.`;
}

function afterApproval({ step }: AccessRequest): string {
  switch (step) {
    case "estabelecimento":
      return "O perfil ainda espera a sua decisão.";
    case "perfil":
      return "A pessoa foi avisada por e-mail e agora pode pedir o computador.";
    case "computador":
      return "A pessoa foi avisada por e-mail e já pode usar este computador.";
  }
}
