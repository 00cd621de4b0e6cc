import { useEffect, useRef } from "preact/hooks";
import type { TargetedEvent } from "preact";

/** One octet more than the reader takes, so that it is the reader who says that it is too much. */
export const READ_AT_MOST = 1024 * 1024 + 1;

export const NOT_LOADED =
  "Não foi possível carregar o leitor de certificados. Verifique a conexão e recarregue a página.";

/** The field for the file; the file stays in the browser. */
export function A1FileChoice({ onChoose }: { onChoose: (file: File | undefined) => void }) {
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
export function A1PasswordForm(
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
