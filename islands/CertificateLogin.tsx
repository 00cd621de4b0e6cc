import { useEffect, useRef, useState } from "preact/hooks";
import type { TargetedEvent } from "preact";
import { A1FileChoice, A1PasswordForm, NOT_LOADED, READ_AT_MOST } from "@/components/A1File.tsx";
import { useWork } from "@/components/work.ts";
import type { A1, LeafSummary } from "@/core/certificate/a1/mod.ts";

interface Props {
  /** The challenge's id, which goes back with the answer. */
  challengeId: string;
  /** What the person's key signs. */
  challengeText: string;
  /** Where the answer is posted. */
  action: string;
}

type State =
  | { step: "file" }
  | { step: "password"; file: File }
  | { step: "confirm"; file: File; a1: A1; leaf: LeafSummary };

/** The reader of A1 files: big beside the rest of the page, so it comes when a file is chosen. */
const loadReader = () => import("@/core/certificate/a1/mod.ts");

const NOT_SIGNED = "O navegador não conseguiu assinar. Recarregue a página ou use outro navegador.";

/**
 * Signs the portal's challenge with a company's A1 file, in the browser. The file, its password and
 * the key stay here; what is posted, as an ordinary form, is the certificates and the signature.
 */
export default function CertificateLogin({ challengeId, challengeText, action }: Props) {
  const [state, setState] = useState<State>({ step: "file" });
  const { busy, error, setError, work } = useWork();

  function choose(file: File | undefined) {
    setError(null);
    setState(file ? { step: "password", file } : { step: "file" });
    if (file) loadReader().catch(() => setError(NOT_LOADED));
  }

  const open = (file: File, password: string) =>
    work(NOT_LOADED, async () => {
      const { describeLeaf, explainA1, openA1 } = await loadReader();
      const bytes = new Uint8Array(await file.slice(0, READ_AT_MOST).arrayBuffer());
      const a1 = await openA1(bytes, password);
      if (!a1.ok) return explainA1(a1);
      const leaf = await describeLeaf(a1.data);
      if (!leaf.ok) return explainA1(leaf);
      setState({ step: "confirm", file, a1: a1.data, leaf: leaf.data });
      return null;
    });

  const sign = (form: HTMLFormElement, a1: A1) =>
    work(NOT_SIGNED, async () => {
      const { signWithCertificate } = await loadReader();
      for (const [name, value] of Object.entries(await signWithCertificate(a1, challengeText))) {
        (form.elements.namedItem(name) as HTMLInputElement).value = value;
      }
      form.submit();
      return null;
    });

  return (
    <div class="certificate-login" aria-busy={busy}>
      {error && <div class="notice error" role="alert">{error}</div>}
      {state.step === "confirm"
        ? (
          <Confirmation
            {...state}
            {...{ action, busy, challengeId, challengeText }}
            onSign={(form) => sign(form, state.a1)}
            onBack={() => choose(undefined)}
          />
        )
        : <A1FileChoice onChoose={choose} />}
      {state.step === "password" && (
        <A1PasswordForm
          key={state.file}
          busy={busy}
          onOpen={(password) => open(state.file, password)}
        />
      )}
    </div>
  );
}

interface ConfirmationProps extends Props {
  leaf: LeafSummary;
  busy: boolean;
  onSign: (form: HTMLFormElement) => void;
  onBack: () => void;
}

function Confirmation(props: ConfirmationProps) {
  const { action, busy, challengeId, challengeText, leaf, onBack, onSign } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  function submit(event: TargetedEvent<HTMLFormElement>) {
    event.preventDefault();
    onSign(event.currentTarget);
  }

  return (
    <form method="post" action={action} onSubmit={submit}>
      <h2 ref={heading} tabIndex={-1}>Confira o certificado</h2>
      <dl class="facts">
        <dt>Razão social</dt>
        <dd>{leaf.companyName}</dd>
        <dt>CNPJ</dt>
        <dd>{leaf.cnpj}</dd>
        <dt>Responsável</dt>
        <dd>{leaf.responsible ?? "Não informado no certificado"}</dd>
        <dt>Emitido por</dt>
        <dd>{leaf.issuer}</dd>
        <dt>Validade</dt>
        <dd>de {leaf.validFrom} a {leaf.validUntil}</dd>
      </dl>
      {leaf.expired && (
        <div class="notice warning" role="status">
          Este certificado venceu em {leaf.validUntil}. Use o certificado renovado.
        </div>
      )}
      <details>
        <summary>Texto que será assinado</summary>
        <pre>{challengeText}</pre>
      </details>
      <input type="hidden" name="challenge" value={challengeId} />
      <input type="hidden" name="certificates" />
      <input type="hidden" name="signature" />
      <input type="hidden" name="algorithm" />
      <div class="actions">
        <button class="button primary" type="submit" disabled={busy}>
          {busy ? "Assinando…" : "Assinar e entrar"}
        </button>
        <button class="button secondary" type="button" onClick={onBack}>
          Escolher outro arquivo
        </button>
      </div>
    </form>
  );
}
