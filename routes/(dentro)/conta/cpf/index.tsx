import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { cpfProofOf } from "@/core/account/proof.ts";
import { describeCpf } from "@/core/account/proof_texts.ts";
import { LEVEL_NAMES } from "@/core/config/choices.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import { noticeOf } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Como comprovar o CPF";

const NOTICES: Record<string, string> = {
  comprovado: "CPF comprovado com o e-CPF. As outras sessões foram encerradas.",
};

/** What stands behind the CPF of one's account, and the ways to prove it. */
export const handler = define.handlers({
  GET(ctx) {
    const { deps } = ctx.state;
    const { operadora, person } = requireCaller(ctx.state);
    const data = {
      cpf: formatCpf(person.cpf),
      words: describeCpf(deps, person, operadora !== null),
      proof: cpfProofOf(deps, person),
      notice: noticeOf(ctx.url, NOTICES),
    };
    const late = ctx.url.searchParams.has("vencido");
    return show(ctx, TITLE, data, late ? { code: "ecpf_missing" } : null, 200);
  },
});

export default define.page<typeof handler>(function HowToProve({ data, state }) {
  const { cpf, words, proof, notice, error } = data;
  const { govbr } = state.deps.config;
  return (
    <Page
      title={TITLE}
      back={{ href: "/conta", label: "Minha conta" }}
      lead={
        <p class="lead">
          Um CPF digitado não diz de quem é. Comprovado, ele vale em todo o portal e nos sistemas
          que só recebem quem o comprovou.
        </p>
      }
      notice={notice}
      error={error}
    >
      <Notice kind={proof && !notice ? "success" : "info"}>
        O CPF da conta é {cpf}. Sua identificação: {words}.
      </Notice>
      {proof?.by !== "govbr" && (
        <>
          {govbr && <ByGovbr level={LEVEL_NAMES[govbr.level]} />}
          <ByEcpf again={proof !== null} primary={!govbr} outranked={govbr !== null} />
        </>
      )}
    </Page>
  );
});

function ByGovbr({ level }: { level: string }) {
  return (
    <section class="card form" aria-labelledby="govbr">
      <h2 id="govbr">Por gov.br</h2>
      <p>
        Com uma conta gov.br de nível {level}{" "}
        ou maior. Saia, escolha “Entrar com gov.br” e, quando o portal mostrar esta conta, digite a
        senha dela e escolha <strong>Juntar</strong>. Daqui em diante você também entra com gov.br.
      </p>
      <form method="post" action="/sair">
        <button class="button primary" type="submit">Sair para entrar com gov.br</button>
      </form>
    </section>
  );
}

function ByEcpf(
  { again, primary, outranked }: { again: boolean; primary: boolean; outranked: boolean },
) {
  return (
    <section class="card form" aria-labelledby="ecpf">
      <h2 id="ecpf">Por certificado e-CPF</h2>
      <p>
        O seu e-CPF da ICP-Brasil assina um pedido deste portal. Em seguida, em até 10 minutos, você
        digita a senha da conta ou um código enviado ao seu e-mail. O certificado precisa ser do
        mesmo CPF da conta.
      </p>
      <p class="hint">
        Para o diretor que o CNES registra, só vale o e-CPF em token ou em nuvem (A3), não o arquivo
        (A1).{outranked &&
          " O gov.br vale mais que o e-CPF: se comprovar este CPF noutra conta, a " +
            "comprovação passa para ela."}
      </p>
      <form method="post" action="/certificado/cpf">
        <button class={`button ${primary && !again ? "primary" : "secondary"}`} type="submit">
          {again ? "Apresentar outro e-CPF" : "Apresentar o e-CPF"}
        </button>
      </form>
    </section>
  );
}
