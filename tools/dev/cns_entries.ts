import { people, type SampleName } from "@/tools/sample/people.ts";
import type { CnsEntry } from "./cns_register.ts";
import type { CnsQuality } from "@/core/store/records/account.ts";

/** What the simulated register says of the sample people; it does not know Cecília. */
const QUALITIES: Partial<Record<SampleName, CnsQuality>> = {
  helena: "alta",
  bruno: "alta",
  davi: "alta",
  elisa: "alta",
  gabriela: "alta",
  fabio: "baixa",
  heitor: "desconhecida",
};

export const CNS_ENTRIES: readonly CnsEntry[] = Object.entries(QUALITIES).map(
  ([name, quality]) => {
    const { cpf, cns } = people[name as SampleName];
    return { cpf, cns, quality };
  },
);
