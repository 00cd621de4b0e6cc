import { useEffect, useState } from "preact/hooks";
import type { TargetedEvent } from "preact";
import { Check, Field } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { useWork } from "@/components/work.ts";
import type { ComputerRecord } from "@/core/store/records/access.ts";
import { createComputerKey, KEY_NOT_KEPT, openComputerKey } from "@/islands/computer_key.ts";
import { postComputerProof } from "@/islands/computer_proof.ts";

interface Props {
  personId: string;
  /** Where the form goes; by default to the page itself. */
  action?: string;
  /** What else goes with it. */
  fields?: Record<string, string>;
  /** The person's approved computers at this establishment. */
  computers: readonly ApprovedComputer[];
  /** What was typed before a refusal. */
  typed?: { etiqueta: string; local: string; substitui: string };
}

type ApprovedComputer = Pick<ComputerRecord, "thumbprint" | "label" | "place">;

const ASKED = { minLength: 2, autocomplete: "off", required: true };

/**
 * The form of the third step. Before it goes, as an ordinary form (`etiqueta`, `local`, `substitui`),
 * the key of this computer is made, when there is none yet, and proven to the session.
 */
export default function ComputerRequest(props: Props) {
  const { personId, action, fields = {}, computers, typed } = props;
  const [ready, setReady] = useState(false);
  const { busy, error, setError, work } = useWork();

  useEffect(() => {
    openComputerKey(personId).then(() => setReady(true), () => setError(KEY_NOT_KEPT));
  }, []);

  function submit(event: TargetedEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    work(KEY_NOT_KEPT, async () => {
      const proven = await postComputerProof(await createComputerKey(personId), "request");
      if (!proven.ok) return proven.message;
      form.submit();
      return null;
    });
  }

  return (
    <form method="post" action={action} class="card form" onSubmit={submit} aria-busy={busy}>
      <FormError message={error} />
      <noscript>
        <div class="notice warning">
          Este passo precisa do JavaScript: a chave que identifica o computador é criada dentro do
          navegador e não sai dele. Ative o JavaScript para este site e recarregue a página. As
          outras páginas do portal funcionam sem ele.
        </div>
      </noscript>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Field
        label="Etiqueta de patrimônio"
        name="etiqueta"
        defaultValue={typed?.etiqueta}
        hint="Como está colada no computador, por exemplo PAT-004512."
        maxLength={60}
        {...ASKED}
      />
      <Field
        label="Local"
        name="local"
        defaultValue={typed?.local}
        hint="Onde o computador fica, por exemplo Recepção, 2º andar."
        maxLength={120}
        {...ASKED}
      />
      {computers.length > 0 && <Replaced computers={computers} chosen={typed?.substitui} />}
      <p class="hint">
        Peça no computador que vai usar, numa janela comum (não anônima). O navegador cria uma chave
        que não sai dele; se os dados do navegador forem apagados, a chave se perde e é preciso
        pedir de novo.
      </p>
      <button class="button primary" type="submit" disabled={!ready || busy}>
        {busy ? "Enviando…" : "Pedir acesso para este computador"}
      </button>
    </form>
  );
}

/** A cleared browser has a new key, and the old one stays approved until it is replaced. */
function Replaced(
  { computers, chosen }: { computers: readonly ApprovedComputer[]; chosen?: string },
) {
  const choice = (value: string) => ({
    type: "radio",
    name: "substitui",
    value,
    defaultChecked: chosen === value,
    required: true,
  });
  return (
    <fieldset class="field">
      <legend>Este computador substitui</legend>
      <p class="hint">
        Se é um computador já aprovado cujos dados do navegador foram apagados, marque-o: a chave
        antiga deixa de valer quando a nova for aprovada.
      </p>
      {computers.map(({ thumbprint, label, place }) => (
        <Check key={thumbprint} {...choice(thumbprint)}>
          <strong>{label}</strong> — {place}
        </Check>
      ))}
      <Check {...choice("")}>Nenhum: é outro computador</Check>
    </fieldset>
  );
}
