/** A system that people of an operadora may be let into. */
export interface System {
  id: string;
  name: string;
  description: string;
}

/** The systems of the regulator and the ministry that the portal opens. */
export const SYSTEMS: readonly System[] = [
  { id: "sib", name: "SIB", description: "Sistema de Informações de Beneficiários" },
  { id: "sip-xml", name: "SIP/XML", description: "Sistema de Informações de Produtos" },
  {
    id: "diops",
    name: "DIOPS",
    description: "Documento de Informações Periódicas das Operadoras",
  },
  { id: "rpc", name: "RPC", description: "Reajuste de Planos Coletivos" },
  { id: "tiss", name: "TISS", description: "Troca de Informações na Saúde Suplementar" },
  {
    id: "cadsus-web",
    name: "CadSUS Web",
    description: "Cadastro Nacional de Usuários do SUS, depois dos três passos",
  },
];

export function isSystem(id: string): boolean {
  return SYSTEMS.some((system) => system.id === id);
}
