import type { ComponentChildren } from "preact";
import type { System } from "@/core/config/mod.ts";
import { formatCnpj, formatCpf } from "@/core/registry/numbers.ts";
import type { Invitation } from "@/core/store/records/invitation.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { Notice } from "./Notice.tsx";
import { Fact } from "./tables.tsx";

/** Says that invitations wait for the person, when some do; a single one is a click away. */
export function WaitingInvitations({ waiting }: { waiting: Pick<Invitation, "id">[] }) {
  const [first, second] = waiting;
  if (!first) return null;
  return (
    <Notice kind="info">
      {second ? `${waiting.length} convites esperam por você.` : "Um convite espera por você."}{" "}
      {second
        ? <a href="/convites">Ver os convites</a>
        : <a href={`/convites/${first.id}`}>Ver o convite</a>}
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
