/** The way in with a certificate that the browser holds. `at`: another address that asks for it. */
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
