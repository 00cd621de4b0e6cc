import { useEffect, useRef, useState } from "preact/hooks";
import type { TargetedEvent } from "preact";
import { FormError } from "@/components/Notice.tsx";
import { useWork } from "@/components/work.ts";
import { type Handoff, signProof } from "@/core/handoff/proof.ts";
import { KEY_NOT_KEPT, openComputerKey } from "@/islands/computer_key.ts";
import { postJson, signChallenge } from "@/islands/computer_proof.ts";

interface Props {
  personId: string;
  cnes: string;
  system: { id: string; name: string };
  /** Where the system takes the form. */
  address: string;
}

const NO_KEY =
  "A chave deste computador não está mais neste navegador: os dados do site foram apagados. Recarregue " +
  "a página e peça o acesso deste computador outra vez.";

/**
 * Hands the person off: the computer's key signs a challenge for the portal, which answers with a
 * token, and a proof for the target system, to which both are posted as an ordinary form.
 */
export default function HandoffButton({ personId, cnes, system, address }: Props) {
  const token = useRef<HTMLInputElement>(null);
  const proof = useRef<HTMLInputElement>(null);
  // Without JavaScript an empty form would go to the system.
  const [ready, setReady] = useState(false);
  const { busy, error, work } = useWork();

  useEffect(() => setReady(true), []);

  function submit(event: TargetedEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    work(KEY_NOT_KEPT, async () => {
      const key = await openComputerKey(personId);
      if (!key) return NO_KEY;
      const signed = await signChallenge(key, "handoff");
      if (!signed.ok) return signed.message;
      const body = { system: system.id, cnes, ...signed.data };
      const handoff = await postJson<Handoff>("/api/handoff", body);
      if (!handoff.ok) return handoff.message;
      token.current!.value = handoff.data.token;
      proof.current!.value = await signProof(key, handoff.data);
      form.submit();
      return null;
    });
  }

  return (
    <form method="post" action={address} class="form" onSubmit={submit} aria-busy={busy}>
      <FormError message={error} />
      <noscript>
        <div class="notice warning">
          Este passo precisa do JavaScript: a chave que identifica o computador está dentro do
          navegador e só ele pode assinar com ela. Ative o JavaScript para este site e recarregue a
          página. As outras páginas do portal funcionam sem ele.
        </div>
      </noscript>
      <input ref={token} type="hidden" name="token" />
      <input ref={proof} type="hidden" name="proof" />
      <div class="actions">
        <button class="button primary" type="submit" disabled={!ready || busy}>
          {busy ? "Abrindo…" : `Acessar ${system.name}`}
        </button>
        <a class="button secondary" href="/painel">Voltar ao painel</a>
      </div>
    </form>
  );
}
