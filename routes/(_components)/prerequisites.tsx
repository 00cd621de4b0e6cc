import {
  type Checklist,
  type ChecklistState,
  type Prerequisite,
  PREREQUISITES,
} from "@/core/access/checklist.ts";
import { type HintContext, hintFor } from "./checklist_texts.ts";

interface Explained {
  title: string;
  text: string;
  /** Who has to do it. */
  who: string;
  /** A page of the ministry or the government about it. */
  official?: { href: string; label: string };
}

/** The ministry's six prerequisites for CadSUS Web. */
const EXPLAINED: Record<Prerequisite, Explained> = {
  operadora: {
    title: "Operadora no CNES",
    text: "A sede da operadora precisa estar cadastrada, e ativa, no CNES.",
    who: "A operadora, no CNES. O representante legal liga o estabelecimento a ela neste portal.",
    official: { href: "https://cnes.saude.gov.br", label: "cnes.saude.gov.br" },
  },
  pessoa: {
    title: "Pessoas vinculadas",
    text: "Cada profissional se cadastra e é vinculado ao número CNES em que trabalha.",
    who: "Você, com gov.br ou com CPF e CNS.",
    official: { href: "https://cadastro.saude.gov.br/saiba-mais", label: "saiba mais" },
  },
  qualidade: {
    title: "Conta gov.br e CNS",
    text: "Conta gov.br ativa e Cartão Nacional de Saúde (CNS) com qualidade alta.",
    who: "Você, no gov.br e, se faltar algo no CNS, numa unidade de saúde.",
    official: { href: "https://www.gov.br", label: "www.gov.br" },
  },
  administrador: {
    title: "Administrador primeiro",
    text: "O diretor registrado no CNES é o primeiro a entrar, com perfil ADMINISTRADOR.",
    who: "O diretor do estabelecimento, ou quem o representante legal indicar.",
  },
  pedido: {
    title: "Operadores pedem acesso",
    text: "As outras pessoas pedem um perfil e o administrador daquele CNES decide.",
    who: "Você pede; o administrador do estabelecimento decide.",
  },
  acesso: {
    title: "Três passos e entrada",
    text: "Aprovados estabelecimento, perfil e computador, abre-se o CadSUS Web.",
    who: "Você pede, no computador que vai usar; o administrador decide.",
    official: {
      href: "https://webatendimento.saude.gov.br/faq/cadsus",
      label: "dúvidas frequentes",
    },
  },
};

/** The six, in short. */
export function Prerequisites() {
  return (
    <ol class="prerequisites">
      {PREREQUISITES.map((one) => {
        const { title, text } = EXPLAINED[one];
        return (
          <li key={one}>
            <h3>{title}</h3>
            <p>
              {text} <OfficialPage of={one} />
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function OfficialPage({ of }: { of: Prerequisite }) {
  const { official } = EXPLAINED[of];
  return official ? <a href={official.href} rel="external noopener">{official.label}</a> : null;
}

const STATES: Record<ChecklistState, { word: string; sign: string | null; class: string }> = {
  feito: { word: "Feito", sign: "✓", class: "done" },
  voce: { word: "Agora é com você", sign: null, class: "current" },
  outros: { word: "Depende de outra pessoa", sign: "…", class: "waiting" },
  depois: { word: "Depois", sign: null, class: "" },
};

/** The six prerequisites with who does what; with the person's own state when one is logged in. */
export function ChecklistView(
  { checklist, context }: { checklist: Checklist | null; context: HintContext | null },
) {
  return (
    <ol class="way">
      {PREREQUISITES.map((one, index) => {
        const step = checklist?.[one];
        const state = step ? STATES[step.state] : null;
        // The word "Depois" says it already.
        const hint = step && context && step.state !== "depois" && hintFor(step.reason, context);
        return (
          <li key={one} class={`card ${state?.class ?? ""}`}>
            <span class="step-number" aria-hidden="true">{state?.sign ?? index + 1}</span>
            <div>
              <h2>{EXPLAINED[one].title}</h2>
              {state && (
                <p>
                  <span class="tag">{state.word}</span>
                </p>
              )}
              {hint && (
                <p>
                  <strong>{hint.text}</strong>{" "}
                  {hint.link && <a href={hint.link.href}>{hint.link.label}</a>}
                </p>
              )}
              {step?.state !== "feito" && <Explanation one={one} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Explanation({ one }: { one: Prerequisite }) {
  const { text, who, official } = EXPLAINED[one];
  return (
    <>
      <p>{text}</p>
      <p class="muted">
        Quem faz: {who}
        {official && (
          <>
            {" "}Página oficial: <OfficialPage of={one} />
          </>
        )}
      </p>
    </>
  );
}
