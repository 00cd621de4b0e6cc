import { useEffect, useRef, useState } from "preact/hooks";
import type { TargetedEvent } from "preact";
import type { A1 } from "@/core/certificate/a1/mod.ts";
import type { Work } from "@/components/work.ts";

/** The reader of A1 files: big beside the rest of the page, so it comes when a file is chosen. */
export const loadReader = () => import("@/core/certificate/a1/mod.ts");

/** One octet more than the reader takes, so that it is the reader who says that it is too much. */
const READ_AT_MOST = 1024 * 1024 + 1;

const NOT_LOADED =
  "Não foi possível carregar o leitor de certificados. Verifique a conexão e recarregue a página.";

interface Props {
  work: Work;
  /** Is given what is in the file; answers what is wrong with it, or null. */
  onOpen: (a1: A1) => string | null | Promise<string | null>;
}

/** Asks for an A1 file and its password and opens it: both stay in the browser. */
export function A1File({ work: { busy, setError, work }, onOpen }: Props) {
  const [file, setFile] = useState<File | null>(null);

  function choose(chosen: File | undefined) {
    setError(null);
    setFile(chosen ?? null);
    if (chosen) loadReader().catch(() => setError(NOT_LOADED));
  }

  const open = (chosen: File, password: string) =>
    work(NOT_LOADED, async () => {
      const { explainA1, openA1 } = await loadReader();
      const bytes = new Uint8Array(await chosen.slice(0, READ_AT_MOST).arrayBuffer());
      const a1 = await openA1(bytes, password);
      return a1.ok ? await onOpen(a1.data) : explainA1(a1);
    });

  return (
    <>
      <FileChoice onChoose={choose} />
      {file && <PasswordForm key={file} busy={busy} onOpen={(password) => open(file, password)} />}
    </>
  );
}

/** The field for the file. */
function FileChoice({ onChoose }: { onChoose: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  // A file may have been chosen before this script was there.
  useEffect(() => {
    const file = input.current?.files?.[0];
    if (file) onChoose(file);
  }, []);
  return (
    <div class="field">
      <label for="a1-file">Arquivo do certificado A1</label>
      <input
        ref={input}
        id="a1-file"
        type="file"
        accept=".pfx,.p12,application/x-pkcs12"
        aria-describedby="a1-file-help"
        onChange={(event) => onChoose(event.currentTarget.files?.[0])}
      />
      <p class="hint" id="a1-file-help">
        É o arquivo .pfx ou .p12 recebido da certificadora. Ele é aberto aqui e não é enviado.
      </p>
    </div>
  );
}

/** Asks for the password of the chosen file. */
function PasswordForm(
  { busy, onOpen }: { busy: boolean; onOpen: (password: string) => void },
) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  function submit(event: TargetedEvent<HTMLFormElement>) {
    event.preventDefault();
    const field = input.current!;
    onOpen(field.value);
    // The password is kept nowhere but in the field, and there no longer than needed.
    field.value = "";
    field.focus();
  }

  return (
    <form onSubmit={submit}>
      <div class="field">
        <label for="a1-password">Senha do certificado</label>
        <input
          ref={input}
          id="a1-password"
          type="password"
          autocomplete="off"
          aria-describedby="a1-password-help"
        />
        <p class="hint" id="a1-password-help">
          A senha do arquivo, dada pela certificadora ou escolhida na emissão. Ela não é enviada.
        </p>
      </div>
      <button class="button primary" type="submit" disabled={busy}>
        {busy ? "Abrindo…" : "Abrir certificado"}
      </button>
    </form>
  );
}
