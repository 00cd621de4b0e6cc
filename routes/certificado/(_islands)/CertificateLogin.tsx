import { useEffect, useRef, useState } from "preact/hooks";
import type { TargetedEvent } from "preact";
import { useWork } from "@/components/work.ts";
import type { A1, LeafSummary } from "@/core/certificate/a1/mod.ts";
import { A1File, loadReader } from "../(_components)/A1File.tsx";

interface Props {
  /** The challenge's id, which goes back with the answer. */
  challengeId: string;
  /** What the person's key signs. */
  challengeText: string;
  /** Where the answer is posted. */
  action: string;
}

/** A challenge is good for five minutes; one older than this (ms) is renewed before it is signed. */
const FRESH = 4 * 60_000;

const NOT_SIGNED = "O navegador não conseguiu assinar. Recarregue a página ou use outro navegador.";

/**
 * Signs the portal's challenge with a company's A1 file, in the browser. The file, its password and
 * the key stay here; what is posted, as an ordinary form, is the certificates and the signature.
 */
export default function CertificateLogin({ challengeId, challengeText, action }: Props) {
  /** What was opened, for the person to confirm. */
  const [opened, setOpened] = useState<{ a1: A1; leaf: LeafSummary } | null>(null);
  const [challenge, setChallenge] = useState({ id: challengeId, text: challengeText });
  /** When it was asked for; the first one came with the page. */
  const askedAt = useRef<number | null>(null);
  const work = useWork();

  /** The challenge, another one when it is too old: the page may have been open for hours. */
  async function freshChallenge() {
    if (Date.now() - (askedAt.current ?? performance.timeOrigin) < FRESH) return challenge;
    const asked = Date.now();
    const response = await fetch("/certificado/desafio");
    const renewed: typeof challenge = await response.json();
    askedAt.current = asked;
    setChallenge(renewed);
    return renewed;
  }

  async function confirm(a1: A1) {
    const { describeLeaf, explainA1 } = await loadReader();
    const leaf = await describeLeaf(a1);
    if (!leaf.ok) return explainA1(leaf);
    setOpened({ a1, leaf: leaf.data });
    return null;
  }

  const sign = (form: HTMLFormElement, a1: A1) =>
    work.work(NOT_SIGNED, async () => {
      const { signWithCertificate } = await loadReader();
      const { id, text } = await freshChallenge();
      const fields = { challenge: id, ...await signWithCertificate(a1, text) };
      for (const [name, value] of Object.entries(fields)) {
        (form.elements.namedItem(name) as HTMLInputElement).value = value;
      }
      form.submit();
      return null;
    });

  function startAgain() {
    work.setError(null);
    setOpened(null);
  }

  return (
    <div class="certificate-login" aria-busy={work.busy}>
      {work.error && <div class="notice error" role="alert">{work.error}</div>}
      {opened
        ? (
          <Confirmation
            leaf={opened.leaf}
            busy={work.busy}
            action={action}
            challengeText={challenge.text}
            onSign={(form) => sign(form, opened.a1)}
            onBack={startAgain}
          />
        )
        : <A1File work={work} onOpen={confirm} />}
    </div>
  );
}

interface ConfirmationProps extends Pick<Props, "action" | "challengeText"> {
  leaf: LeafSummary;
  busy: boolean;
  onSign: (form: HTMLFormElement) => void;
  onBack: () => void;
}

function Confirmation(props: ConfirmationProps) {
  const { action, busy, challengeText, leaf, onBack, onSign } = props;
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
      <input type="hidden" name="challenge" />
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
