import { LEVEL_NAMES } from "@/core/config/choices.ts";
import { maskCns } from "@/core/registry/numbers.ts";
import { formatMoment } from "@/components/dates.ts";
import { QUALITY_NAMES } from "@/components/people.tsx";
import { Fact } from "@/components/tables.tsx";
import type { Account, PersonCns } from "@/core/store/records/account.ts";

const SOURCE_NAMES: Record<PersonCns["source"], string> = {
  consulta: "Consulta ao registro do CNS",
  govbr: "Declarado por você; quem você é foi confirmado pelo gov.br",
  declarado: "Declarado por você, sem conferência",
};

/** A person's CNS: what is known of it, where that comes from, and what to do. */
export function CnsStatus(
  { cns, govbr, mayConsult }: {
    cns: PersonCns;
    govbr: Account["govbr"];
    /** There is a register to ask. */
    mayConsult: boolean;
  },
) {
  return (
    <>
      <section class="card" aria-labelledby="situacao">
        <h2 id="situacao">Situação</h2>
        <dl class="facts">
          <Fact name="Número">{maskCns(cns.number)}</Fact>
          <Fact name="Qualidade">{QUALITY_NAMES[cns.quality]}</Fact>
          <Fact name="De onde vem">{SOURCE_NAMES[cns.source]}, em {formatMoment(cns.at)}</Fact>
          {govbr && (
            <Fact name="Conta gov.br">
              Nível {LEVEL_NAMES[govbr.level]}, usada aqui em{" "}
              {formatMoment(govbr.at)}. Confirma quem você é, não a qualidade do CNS.
            </Fact>
          )}
        </dl>
        {mayConsult && (
          <form method="post" class="actions">
            <button class="button secondary" name="acao" value="consultar" type="submit">
              Consultar de novo
            </button>
          </form>
        )}
      </section>
      {cns.quality === "baixa" && <LowQuality />}
      {cns.quality === "desconhecida" && <UnknownQuality />}
    </>
  );
}

function LowQuality() {
  return (
    <section class="card" aria-labelledby="o-que-fazer">
      <h2 id="o-que-fazer">O que fazer com a qualidade baixa</h2>
      <p>
        Para entrar no CadSUS Web, o Ministério da Saúde pede um CNS de qualidade alta. O seu
        cadastro no SUS precisa ser atualizado, e isso se faz em uma unidade de saúde:
      </p>
      <ol>
        <li>Vá a uma unidade de saúde (um posto serve) com os seus documentos.</li>
        <li>Peça para atualizar o seu cadastro do Cartão Nacional de Saúde.</li>
        <li>Espere alguns dias, volte a esta página e consulte de novo.</li>
      </ol>
      <p>Enquanto isso, você pode continuar pedindo acesso neste portal.</p>
      <OfficialPages />
    </section>
  );
}

function UnknownQuality() {
  return (
    <section class="card" aria-labelledby="o-que-fazer">
      <h2 id="o-que-fazer">O que falta saber</h2>
      <p>
        O número está bem formado, mas ninguém confirmou a qualidade dele. Para entrar no CadSUS Web
        ela precisa ser alta. Se houver dúvida, uma unidade de saúde confere e atualiza o seu
        cadastro com os seus documentos.
      </p>
      <OfficialPages />
    </section>
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
