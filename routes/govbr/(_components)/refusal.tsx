import { FormError } from "@/components/Notice.tsx";

/** gov.br did not let the person in: why, what to do about it, and the other ways to sign in. */
export function GovbrRefusal(
  { message, raiseLevel, mayRetry }: {
    message: string;
    /** The account's level is too low. */
    raiseLevel: boolean;
    mayRetry: boolean;
  },
) {
  return (
    <div class="container narrow">
      <h1>Entrar com gov.br</h1>
      <FormError message={message} />
      {raiseLevel && <RaiseLevel />}
      <h2>Outras formas de entrar</h2>
      <div class="actions">
        {mayRetry && <a class="button primary" href="/govbr">Tentar de novo com gov.br</a>}
        <a class="button secondary" href="/entrar">Entrar com senha</a>
        <a class="button secondary" href="/certificado">Entrar com certificado digital</a>
      </div>
    </div>
  );
}

function RaiseLevel() {
  return (
    <>
      <h2>Como aumentar o nível da sua conta</h2>
      <ol>
        <li>
          Abra o aplicativo gov.br no celular, ou entre em{" "}
          <a href="https://www.gov.br" rel="external noopener">www.gov.br</a>.
        </li>
        <li>
          Toque em “Aumentar nível da conta” e escolha: reconhecimento facial, banco credenciado ou
          certificado digital pessoal.
        </li>
        <li>Volte a esta página e entre de novo: o nível novo vale na hora.</li>
      </ol>
    </>
  );
}
