import { define } from "@/app.ts";
import { Prerequisites } from "./(_components)/prerequisites.tsx";

export default define.page(function Home({ state }) {
  return (
    <div class="container">
      <section class="hero">
        <h1>O acesso da sua operadora, em um só lugar</h1>
        <p class="lead">
          Entre com o certificado da empresa, cadastre quem trabalha com você e acompanhe os pedidos
          de acesso até o CadSUS Web.
        </p>
      </section>
      {state.caller
        ? (
          <p>
            <a class="button primary" href="/painel">Continuar no painel</a>
          </p>
        )
        : <SignInCards govbr={state.deps.config.govbr !== null} />}
      <section aria-labelledby="caminho">
        <h2 id="caminho">Seu caminho até o CadSUS Web</h2>
        <p>
          São seis pré-requisitos do Ministério da Saúde, nesta ordem.{" "}
          <a href="/caminho">
            {state.caller ? "Veja quais você já cumpriu" : "Veja quem faz o quê em cada um"}
          </a>.
        </p>
        <Prerequisites />
      </section>
    </div>
  );
});

function SignInCards({ govbr }: { govbr: boolean }) {
  return (
    <div class="doors">
      <section class="card door">
        <h2>Representante legal</h2>
        <p>Entra com o certificado digital da empresa (e-CNPJ). No primeiro acesso não há senha.</p>
        <a class="button primary" href="/certificado">Entrar com certificado digital</a>
      </section>
      <section class="card door">
        <h2>Usuário</h2>
        <p>
          Entra com CPF e senha. No primeiro acesso, use a senha provisória recebida por e-mail.
        </p>
        <p>
          Ainda não tem cadastro? <a href="/cadastro">Cadastre-se com CPF e CNS</a>{" "}
          para solicitar acesso a um estabelecimento.
        </p>
        <div class="actions">
          <a class="button secondary" href="/entrar">Entrar com senha</a>
          {govbr && <a class="button secondary" href="/govbr">Entrar com gov.br</a>}
        </div>
      </section>
    </div>
  );
}
