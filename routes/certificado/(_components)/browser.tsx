/** The way in with a company's certificate that the browser holds. `at`: another address that asks for it. */
export function BrowserCertificate({ at = "" }: { at?: string }) {
  const label = "Entrar com o certificado deste navegador";
  return (
    <section class="card" aria-labelledby="navegador">
      <h2 id="navegador">Certificado instalado (A1) ou token (A3)</h2>
      <p>
        O navegador apresenta o certificado da empresa que está instalado neste computador ou no
        token e, se for preciso, pede o PIN.
      </p>
      {at
        ? (
          <p>
            <a class="button secondary" href={`${at}/certificado`}>{label}</a>
          </p>
        )
        : (
          <form method="post" action="/certificado/navegador">
            <button class="button secondary" type="submit">{label}</button>
          </form>
        )}
    </section>
  );
}

/** The same for a person's e-CPF, which proves the CPF of the account. */
export function BrowserPersonCertificate({ at = "" }: { at?: string }) {
  return (
    <section class="card" aria-labelledby="navegador">
      <h2 id="navegador">e-CPF instalado ou em token (A3)</h2>
      <p>
        O navegador apresenta o e-CPF que está instalado neste computador ou no token e, se for
        preciso, pede o PIN.
      </p>
      {at
        ? (
          <p>
            Entre na sua conta por este outro endereço do portal, que pede o certificado ao
            navegador: <a href={`${at}/entrar?comprovar`}>{at}</a>
          </p>
        )
        : (
          <form method="post" action="/certificado/cpf">
            <button class="button secondary" name="acao" value="navegador" type="submit">
              Usar o e-CPF deste navegador
            </button>
          </form>
        )}
    </section>
  );
}
