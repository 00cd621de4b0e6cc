import { LEVEL_NAMES } from "@/core/account/govbr/level.ts";
import { maskCns, type PersonCns } from "@/core/account/cns/person_cns.ts";
import type { Person } from "@/core/account/person.ts";
import { formatMoment } from "./dates.ts";

export const QUALITY_NAMES: Record<PersonCns["quality"], string> = {
  alta: "Alta",
  baixa: "Baixa",
  desconhecida: "Ainda não conhecida",
};

const SOURCE_NAMES: Record<PersonCns["source"], string> = {
  consulta: "Consulta ao cadastro nacional",
  govbr: "Declarado por você; quem você é foi confirmado pelo gov.br",
  declarado: "Declarado por você, sem conferência",
};

/** A person's CNS: what is known of it, where that comes from, and what to do. */
export function CnsStatus(
  { cns, govbr, mayConsult }: {
    cns: PersonCns;
    govbr: Person["govbr"] | null;
    mayConsult: boolean;
  },
) {
  return (
    <section class="card" aria-labelledby="situacao">
      <h2 id="situacao">Situação</h2>
      <dl class="facts">
        <dt>Número</dt>
        <dd>{maskCns(cns.number)}</dd>
        <dt>Qualidade</dt>
        <dd>
          <strong>{QUALITY_NAMES[cns.quality]}</strong>
        </dd>
        <dt>De onde vem</dt>
        <dd>{SOURCE_NAMES[cns.source]}, em {formatMoment(cns.at)}</dd>
        {govbr && (
          <>
            <dt>Conta gov.br</dt>
            <dd>
              Nível {LEVEL_NAMES[govbr.level]}, usada aqui em{" "}
              {formatMoment(govbr.at)}. Diz quem você é, não a qualidade do CNS.
            </dd>
          </>
        )}
      </dl>
      {cns.quality === "alta" && <p>Está tudo certo: é a qualidade que o CadSUS Web pede.</p>}
      {cns.quality === "baixa" && <LowQuality />}
      {cns.quality === "desconhecida" && <UnknownQuality />}
      {mayConsult && (
        <form method="post">
          <button class="button secondary" name="acao" value="consultar" type="submit">
            Consultar de novo
          </button>
        </form>
      )}
    </section>
  );
}

function LowQuality() {
  return (
    <>
      <h3>O que fazer com a qualidade baixa</h3>
      <p>
        O Ministério da Saúde pede um CNS de qualidade alta para entrar no CadSUS Web. Baixa quer
        dizer que faltam dados no seu cadastro do SUS, ou que eles não conferem com os da Receita
        Federal. Isto não se resolve aqui:
      </p>
      <ol>
        <li>
          Vá a uma unidade de saúde (um posto serve) com documento com foto, CPF, certidão de
          nascimento ou casamento e comprovante de endereço.
        </li>
        <li>Peça para atualizar o seu cadastro no Cartão Nacional de Saúde.</li>
        <li>Espere alguns dias e volte a esta página para consultar de novo.</li>
      </ol>
      <p>Enquanto isso você pode continuar pedindo acesso neste portal.</p>
      <OfficialPages />
    </>
  );
}

function UnknownQuality() {
  return (
    <>
      <p>
        O número está bem formado, mas ninguém confirmou a qualidade dele. Para o CadSUS Web ela
        precisa ser alta: veja no aplicativo Meu SUS Digital se os seus dados estão completos. Se
        faltar algum, uma unidade de saúde atualiza.
      </p>
      <OfficialPages />
    </>
  );
}

function OfficialPages() {
  return (
    <p>
      Páginas oficiais:{" "}
      <a href="https://cadastro.saude.gov.br/saiba-mais" rel="external noopener">saiba mais</a> e
      {" "}
      <a href="https://webatendimento.saude.gov.br/faq/cadsus" rel="external noopener">
        dúvidas frequentes do CadSUS
      </a>.
    </p>
  );
}
