import { maskCpf } from "@/core/registry/numbers.ts";
import type { Account, PersonCns } from "@/core/store/records/account.ts";
import { Fact } from "./tables.tsx";

export const QUALITY_NAMES: Record<PersonCns["quality"], string> = {
  alta: "Alta: é a que o CadSUS Web pede",
  baixa: "Baixa",
  desconhecida: "Ainda não conhecida",
};

/**
 * What the deciders see of a person, in a list of facts: who they are, and how well that is known.
 * @param cpf what stands behind the CPF, in words (`describeCpf`)
 */
export function Identity({ person, cpf }: { person: Account | null; cpf: string | null }) {
  if (!person) return null;
  return (
    <>
      <Fact name="CPF">{maskCpf(person.cpf)}</Fact>
      <Fact name="Identificação">{cpf}</Fact>
      {person.cns && <Fact name="Qualidade do CNS">{QUALITY_NAMES[person.cns.quality]}</Fact>}
    </>
  );
}
