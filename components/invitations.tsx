import type { ComponentChildren } from "preact";
import type { System } from "@/core/config/mod.ts";
import { formatCnpj, formatCpf } from "@/core/registry/numbers.ts";
import type { Invitation } from "@/core/store/records/invitation.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { Notice } from "./Notice.tsx";
import { Fact } from "./tables.tsx";

/** Says that invitations wait for the person, when some do. */
export function WaitingInvitations({ count }: { count: number }) {
  return count > 0 && (
    <Notice kind="info">
      {count === 1 ? "Um convite espera por você." : `${count} convites esperam por você.`}{" "}
      <a href="/convites">{count === 1 ? "Ver o convite" : "Ver os convites"}</a>
    </Notice>
  );
}

/** What an invitation says. */
export function InvitationFacts({ invitation, operadora, systems, children }: {
  invitation: Pick<Invitation, "operadora" | "cpf" | "name" | "systems">;
  /** Null when CADOP does not have it any more. */
  operadora: Operadora | null;
  /** Of the portal. */
  systems: readonly System[];
  children?: ComponentChildren;
}) {
  const granted = systems.filter(({ id }) => invitation.systems.includes(id));
  return (
    <dl class="facts">
      <Fact name="Operadora">{operadora?.razaoSocial ?? "Fora do cadastro da ANS"}</Fact>
      <Fact name="CNPJ">{formatCnpj(invitation.operadora)}</Fact>
      <Fact name="Nome">{invitation.name}</Fact>
      <Fact name="CPF">{formatCpf(invitation.cpf)} (informado pela operadora)</Fact>
      <Fact name="Sistemas">
        {granted.length > 0 ? granted.map(({ name }) => name).join(", ") : "Nenhum por enquanto"}
      </Fact>
      {children}
    </dl>
  );
}
