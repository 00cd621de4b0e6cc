import {
  type Checklist,
  type ChecklistState,
  type Prerequisite,
  PREREQUISITES,
} from "@/core/access/checklist.ts";
import { EXPLAINED, OfficialPage } from "./prerequisites.tsx";
import { type HintContext, hintFor } from "./checklist_texts.ts";

const STATES: Record<ChecklistState, { word: string; sign: string | null; class: string }> = {
  feito: { word: "Feito", sign: "✓", class: "done" },
  voce: { word: "Agora é com você", sign: null, class: "current" },
  outros: { word: "Depende de outra pessoa", sign: "…", class: "waiting" },
  depois: { word: "Depois", sign: null, class: "" },
};

/** The six prerequisites with who does what; with one's own state when somebody is logged in. */
export function ChecklistView(
  { checklist }: { checklist: { steps: Checklist; circumstances: HintContext } | null },
) {
  return (
    <ol class="way">
      {PREREQUISITES.map((one, index) => {
        const state = checklist ? STATES[checklist.steps[one].state] : null;
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
              {checklist && <Now one={one} checklist={checklist} />}
              {checklist?.steps[one].state !== "feito" && <Explanation one={one} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Now(
  { one, checklist: { steps, circumstances } }: {
    one: Prerequisite;
    checklist: { steps: Checklist; circumstances: HintContext };
  },
) {
  // The word says it already.
  if (steps[one].state === "depois") return null;
  const { text, link } = hintFor(steps[one].reason, circumstances);
  return (
    <p>
      <strong>{text}</strong> {link && <a href={link.href}>{link.label}</a>}
    </p>
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
