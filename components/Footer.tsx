export function Footer() {
  return (
    <footer class="site-footer">
      <div class="container">
        <p>
          <strong>Habilita</strong>{" "}
          — acesso das operadoras de planos de saúde aos sistemas da saúde.
        </p>
        <p>
          <a href="/">Início</a> · <a href="/termos-de-uso">Termos de uso</a>
        </p>
      </div>
    </footer>
  );
}
