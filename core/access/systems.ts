/** A system that people of an operadora may be let into. */
export interface System {
  /** `[a-z0-9-]{2,40}`; stands for the system in grants, addresses and the audit log. */
  id: string;
  name: string;
  description: string;
  /** Where it is opened; null when it is opened outside the portal. */
  address: string | null;
  /** By a link, or by a hand-off after the three steps at an establishment. */
  access: "link" | "steps";
}

const link = (id: string, name: string, description: string): System => ({
  id,
  name,
  description,
  address: null,
  access: "link",
});

/** The systems of the regulator and the ministry, where `HABILITA_SYSTEMS` names no others. */
export const DEFAULT_SYSTEMS: readonly System[] = [
  link("sib", "SIB", "Sistema de Informações de Beneficiários"),
  link("sip-xml", "SIP/XML", "Sistema de Informações de Produtos"),
  link("diops", "DIOPS", "Documento de Informações Periódicas das Operadoras"),
  link("rpc", "RPC", "Reajuste de Planos Coletivos"),
  link("tiss", "TISS", "Troca de Informações na Saúde Suplementar"),
  {
    id: "cadsus-web",
    name: "CadSUS Web",
    description: "Cadastro Nacional de Usuários do SUS, depois dos três passos",
    address: null,
    access: "steps",
  },
];

export function isSystem(systems: readonly System[], id: string): boolean {
  return systems.some((system) => system.id === id);
}

/** The origins that people are handed off to, each once; they are the audiences of the tokens. */
export function handoffOrigins(systems: readonly System[]): string[] {
  const origins = systems.flatMap(({ access, address }) =>
    access === "steps" && address ? [new URL(address).origin] : []
  );
  return [...new Set(origins)];
}
