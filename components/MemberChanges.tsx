import { isActiveMembership, isAdministrator } from "@/core/access/membership.ts";
import { explain } from "@/core/messages.ts";
import type { Membership } from "@/core/store/records/access.ts";
import { MemberEndForm, MemberProfileForm, type Typed } from "./MemberForms.tsx";

/** What may be done with somebody's access, or why nothing can. */
export function MemberChanges(
  { membership, own, represents, typed }: {
    membership: Membership;
    /** Is it the person who looks? */
    own: boolean;
    /** Is the legal representative looking? */
    represents: boolean;
    typed: Typed;
  },
) {
  if (!isActiveMembership(membership)) {
    return (
      <p class="hint-box">
        Para voltar a ter acesso, a pessoa pede de novo os três passos: estabelecimento, perfil e
        computador.
      </p>
    );
  }
  if (own) return <p class="hint-box">{explain({ code: "member_own" })}</p>;
  if (isAdministrator(membership) && !represents) {
    return <p class="hint-box">{explain({ code: "administrator_by_representative" })}</p>;
  }
  return (
    <>
      {membership.profile
        ? <MemberProfileForm profile={membership.profile} typed={typed} />
        : (
          <p class="hint-box">
            A pessoa entrou no estabelecimento e ainda não tem perfil. Ele é dado quando o pedido
            dela é aprovado.
          </p>
        )}
      <MemberEndForm typed={typed} />
    </>
  );
}
