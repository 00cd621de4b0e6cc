import { approversNow, type EstablishmentAccess } from "@/core/access/establishment_access.ts";
import type { ChecklistReason } from "@/core/access/checklist.ts";

/** What is to be said of a prerequisite, and where its next thing is done. */
interface Hint {
  text: string;
  link?: { href: string; label: string };
}

/** What the words depend on. */
export interface HintContext {
  place: EstablishmentAccess | null;
  isRepresentative: boolean;
  /** Systems that the three steps open. */
  handoffSystems: readonly { id: string; name: string }[];
}

export function hintFor(reason: ChecklistReason, circumstances: HintContext): Hint {
  const hint = ADVICE[reason];
  return typeof hint === "function" ? hint(circumstances) : hint;
}

const nameOf = ({ place }: HintContext) => place?.establishment?.nome ?? "O estabelecimento";

const askThere = ({ place }: HintContext, label: string) => ({
  href: place ? `/solicitar/${place.cnes}` : "/solicitar",
  label,
});

const MY_CNS = { href: "/conta/cns", label: "Meu CNS" };

const ADVICE: Record<ChecklistReason, Hint | ((circumstances: HintContext) => Hint)> = {
  operadora_found: (at) => ({
    text: at.place
      ? `${nameOf(at)} está ativo no CNES.`
      : "Sua operadora tem estabelecimento ativo no CNES.",
  }),
  operadora_closed: (at) => ({
    text: `${nameOf(at)} está desativado no CNES. Quem responde por ele precisa reativá-lo lá.`,
  }),
  operadora_missing: ({ isRepresentative, place }) => ({
    text: place
      ? "O CNES não tem mais este estabelecimento. Quem responde por ele precisa cadastrá-lo lá."
      : "Nenhum estabelecimento ativo do CNES está ligado à sua operadora. A operadora precisa " +
        "cadastrar a sede no CNES, e o representante legal a liga neste portal.",
    link: isRepresentative
      ? { href: "/estabelecimentos", label: "Ligar um estabelecimento" }
      : undefined,
  }),
  place_unnamed: {
    text: "Diga em qual estabelecimento você trabalha: o portal confere se ele está ativo no CNES.",
    link: { href: "/solicitar", label: "Informar o número CNES" },
  },
  bound: ({ place }) => ({ text: `Seu cadastro está vinculado ao CNES ${place?.cnes}.` }),
  bound_waiting: ({ place }) => ({
    text: `Você já se cadastrou e pediu o vínculo com o CNES ${place?.cnes}. Está em análise.`,
  }),
  unbound: (at) => ({
    text: "Você já tem cadastro no portal. Falta pedir o vínculo com o estabelecimento.",
    link: askThere(at, "Pedir acesso"),
  }),
  quality_proven: {
    text: "O gov.br confirmou quem você é, e o CNS tem qualidade alta.",
    link: MY_CNS,
  },
  govbr_missing: {
    text: "Você ainda não entrou com gov.br. Saia e entre uma vez por ele, para o portal ver o " +
      "nível da sua conta.",
  },
  govbr_low: {
    text: "O nível da sua conta gov.br é baixo. Aumente-o em www.gov.br e entre de novo por ela.",
  },
  govbr_unseen: {
    text: "Seu CNS tem qualidade alta. A conta gov.br este portal não vê: confira você mesmo.",
  },
  cns_missing: { text: "Informe o seu CNS: o portal confere a qualidade dele.", link: MY_CNS },
  cns_low: {
    text: "Seu CNS está com qualidade baixa. Uma unidade de saúde atualiza o cadastro.",
    link: { href: "/conta/cns", label: "Ver o que fazer" },
  },
  cns_unknown: {
    text: "Ninguém confirmou ainda a qualidade do seu CNS. Confira os seus dados no aplicativo " +
      "Meu SUS Digital.",
    link: MY_CNS,
  },
  administered: (at) => ({ text: `${nameOf(at)} tem administrador.` }),
  director_you: (at) => ({
    text: "O CNES registra você como diretor: peça o perfil ADMINISTRADOR e ele é seu na hora.",
    link: askThere(at, "Pedir o perfil ADMINISTRADOR"),
  }),
  director_unproven: {
    text: "O CNES registra você como diretor. Comprove que este CPF é seu, por gov.br ou com um " +
      "e-CPF em token ou em nuvem (A3): então o perfil ADMINISTRADOR é seu na hora.",
    link: { href: "/conta/cpf", label: "Comprovar o CPF" },
  },
  administrator_asked: {
    text: "Você pediu o perfil ADMINISTRADOR. O representante legal da operadora decide.",
  },
  administrator_missing: ({ isRepresentative }) => ({
    text: isRepresentative
      ? "Ainda não há administrador. Indique alguém na página da pessoa."
      : "Ainda não há administrador. O diretor registrado no CNES precisa entrar primeiro, ou o " +
        "representante legal indica alguém.",
    link: isRepresentative ? { href: "/usuarios", label: "Usuários" } : undefined,
  }),
  profile_held: ({ place }) => ({
    text: `Seu perfil é ${place?.status.membership?.profile}.`,
  }),
  profile_waiting: ({ place }) => {
    const { request } = place!.status.steps.perfil;
    const there = request ? approversNow(place!, request) : [];
    const who = request?.to.includes("representante")
      ? "O representante legal da operadora decide."
      : there.length > 0
      ? "O administrador do estabelecimento decide."
      : "Espera o primeiro administrador.";
    return {
      text: `Você pediu o perfil ${request?.profile}. ${who}`,
      link: { href: `/solicitar/${place!.cnes}`, label: "Ver o pedido" },
    };
  },
  profile_ask: (at) => ({ text: "Peça um perfil.", link: askThere(at, "Pedir um perfil") }),
  access_here: ({ place, handoffSystems: [system] }) => ({
    text: `Tudo aprovado neste computador (${place?.status.computer?.label}).`,
    link: place?.establishment?.active && system
      ? { href: `/acessar/${system.id}/${place.cnes}`, label: `Acessar ${system.name}` }
      : undefined,
  }),
  access_elsewhere: (at) => ({
    text:
      `Tudo aprovado em ${at.place?.computers.map(({ label }) => label).join(", ")}. Use esse ` +
      "computador, ou peça também para este.",
    link: askThere(at, "Pedir para este computador"),
  }),
  computer_waiting: (at) => ({
    text: "Seu pedido do computador está em análise.",
    link: askThere(at, "Ver o pedido"),
  }),
  computer_ask: (at) => ({
    text: "Falta o computador: no que você vai usar, peça o acesso dele.",
    link: askThere(at, "Pedir o computador"),
  }),
  later: { text: "Vem depois dos outros." },
};
