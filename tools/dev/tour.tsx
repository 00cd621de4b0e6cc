import { formatCnpj, formatCpf } from "@/core/registry/numbers.ts";
import { Table } from "@/components/tables.tsx";
import { people } from "@/tools/sample/people.ts";
import { sampleEstablishments } from "@/tools/sample/world.ts";
import { DEMO_CERTIFICATE_PASSWORD, DEMO_CERTIFICATES } from "./demo_certificates.ts";
import { DEMO_PASSWORD } from "./seed.ts";

/** The guided tour of the development world. */
export function Tour({ mails }: { mails: number }) {
  return (
    <div class="container">
      <h1>Mundo de desenvolvimento</h1>
      <p class="lead">
        Tudo aqui é simulado nesta máquina: certificados, CADOP, CNES, gov.br, correio e Telegram.
        As pessoas e as empresas são inventadas.
      </p>
      <div class="actions">
        <a class="button primary" href="/">Abrir o portal</a>
        <a class="button secondary" href="/dev/correio">Correio simulado ({mails})</a>
        <a class="button secondary" href="/dev/telegram">Telegram simulado</a>
      </div>
      <section aria-labelledby="passeio">
        <h2 id="passeio">Passeio</h2>
        <ol>
          <li>
            <strong>Primeiro acesso (J1).</strong> Baixe um certificado abaixo,{" "}
            <a href="/certificado">entre com ele</a>{" "}
            e siga até o painel. O código de confirmação chega no{" "}
            <a href="/dev/correio">correio simulado</a>.
          </li>
          <li>
            <strong>Cadastre um usuário (J6).</strong> No painel, em “Usuários”. Use por exemplo
            {" "}
            {people.fabio.nome}, CPF {formatCpf(people.fabio.cpf)},{" "}
            {people.fabio.email}. O convite, com a senha provisória, chega no correio.
          </li>
          <li>
            <strong>Primeiro acesso do usuário (J7).</strong> Em outra janela anônima,{" "}
            <a href="/entrar">entre com CPF e senha provisória</a> e aceite o convite. Um, de{" "}
            {people.fabio.nome}, já espera no correio.
          </li>
          <li>
            <strong>Ligue o Telegram (J12).</strong> Entre como{" "}
            {people.davi.nome}, que já é ADMINISTRADOR do CNES{" "}
            {sampleEstablishments[0]!.cnes}, e abra “Minha conta › Telegram”. O link leva ao
            Telegram simulado.
          </li>
          <li>
            <strong>Peça e aprove (J10, J13).</strong>{" "}
            O usuário novo pede um perfil nesse CNES em “Solicitar acesso”; Davi decide na conversa.
          </li>
          <li>
            <strong>Escolha a operadora (J8).</strong> Entre como{" "}
            {people.elisa.nome}, que trabalha para duas operadoras.
          </li>
          <li>
            <strong>Cadastre-se com CPF e CNS (J10).</strong> Em{" "}
            <a href="/cadastro">Cadastre-se</a>, por exemplo como {people.heitor.nome}, CPF{" "}
            {formatCpf(people.heitor.cpf)}, CNS {people.heitor.cns},{" "}
            {people.heitor.email}. A qualidade do CNS vem de uma consulta simulada: a de{" "}
            {people.fabio.nome} (CNS {people.fabio.cns}) é baixa.
          </li>
          <li>
            <strong>Entre com gov.br (J10).</strong> Em{" "}
            <a href="/entrar">Entrar</a>, siga “Entrar com gov.br” e escolha quem você é e o nível
            da conta. {people.gabriela.nome}{" "}
            ainda não está no portal: faz o primeiro acesso sem senha.
          </li>
          <li>
            <strong>Comprove o CPF com um e-CPF.</strong> Entre como {people.elisa.nome}, abra{" "}
            <a href="/conta/cpf">Minha conta › Comprovar o CPF</a>{" "}
            e apresente o e-CPF dela, que está abaixo. O gov.br vale mais: quem entra por ele com o
            mesmo CPF, noutra conta, leva a comprovação.
          </li>
          <li>
            <strong>Entre no CadSUS Web (J15).</strong>{" "}
            Depois do perfil, peça o acesso do computador e aprove-o como Davi. No painel, “Acessar
            CadSUS Web” leva ao <a href="/dev/cadsus">CadSUS Web simulado</a>.
          </li>
        </ol>
      </section>
      <section aria-labelledby="certificados">
        <h2 id="certificados">Certificados de demonstração</h2>
        <p>
          Senha de todos: <code>{DEMO_CERTIFICATE_PASSWORD}</code>. Para outro CNPJ:{" "}
          <code>deno task dev:cert --cnpj …</code>
        </p>
        <Table
          label="Certificados"
          heads={["Arquivo", "De", "Pessoa", "Serve para ver"]}
        >
          {DEMO_CERTIFICATES.map(({ file, operadora, responsible, note }) => (
            <tr key={file}>
              <td>
                <a href={`/dev/certificados/${file}`} download>{file}</a>
              </td>
              <td>
                {operadora ? operadora.razaoSocial : "e-CPF da pessoa"}
                <br />
                {operadora ? formatCnpj(operadora.cnpj) : formatCpf(responsible.cpf)}
              </td>
              <td>{responsible.nome}</td>
              <td>{note}</td>
            </tr>
          ))}
        </Table>
      </section>
      <section aria-labelledby="pessoas">
        <h2 id="pessoas">Pessoas que já têm senha</h2>
        <p>
          Senha: <code>{DEMO_PASSWORD}</code>
        </p>
        <Table label="Pessoas" heads={["Nome", "CPF", "Papel"]}>
          <tr>
            <td>{people.davi.nome}</td>
            <td>{formatCpf(people.davi.cpf)}</td>
            <td>ADMINISTRADOR do CNES {sampleEstablishments[0]!.cnes}</td>
          </tr>
          <tr>
            <td>{people.elisa.nome}</td>
            <td>{formatCpf(people.elisa.cpf)}</td>
            <td>Usuária de duas operadoras</td>
          </tr>
        </Table>
      </section>
    </div>
  );
}
