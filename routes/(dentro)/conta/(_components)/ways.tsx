import { formatMoment } from "@/components/dates.ts";
import { Notice } from "@/components/Notice.tsx";
import { Fact } from "@/components/tables.tsx";
import type { Caller } from "@/core/access/caller.ts";
import type { Config } from "@/core/config/mod.ts";
import { LEVEL_NAMES } from "@/core/config/choices.ts";
import type { TelegramLink } from "@/core/store/records/account.ts";

/** Each way into the portal with its state and what can be done about it. */
export function SignInOptions({ caller, config }: { caller: Caller; config: Config }) {
  const { person: { password, govbr }, operadora, isRepresentative, session } = caller;
  const { certificate } = session.state;
  return (
    <dl class="facts">
      <Fact name="CPF e senha">
        {password !== null ? <a href="/conta/senha">Trocar a senha</a> : (
          <>
            Você não tem senha. <a href="/conta/senha">Criar uma senha</a>
          </>
        )}
      </Fact>
      {config.govbr && (
        <Fact name="gov.br">
          {govbr
            ? `Conta nível ${LEVEL_NAMES[govbr.level]}, usada em ${formatMoment(govbr.at)}`
            : "Ainda não usado. Na próxima vez, escolha “Entrar com gov.br”."}
        </Fact>
      )}
      {isRepresentative && operadora && certificate && (
        <Fact name="Certificado digital">
          De {operadora.razaoSocial}, válido até{" "}
          {formatMoment(certificate.notAfter)}, com a sua senha
        </Fact>
      )}
    </dl>
  );
}

/** Whether a person's decisions reach them in Telegram, and what to do when they do not. */
export function TelegramState({ link }: { link: TelegramLink | null }) {
  if (!link) {
    return (
      <p>
        Não ligado. Quem administra um estabelecimento pode receber e decidir os pedidos no
        Telegram.
      </p>
    );
  }
  if (link.blockedSince === undefined) {
    return (
      <p>
        Ligado à conta <strong>{link.name}</strong> desde {formatMoment(link.since)}.
      </p>
    );
  }
  return (
    <Notice kind="warning">
      <p>
        O Telegram informou que você bloqueou o bot em{" "}
        {formatMoment(link.blockedSince)}. Enquanto isso, os avisos chegam por e-mail e os pedidos
        são decididos em <a href="/pedidos">Pedidos</a>.
      </p>
      <p>
        Para voltar a receber, abra a conversa com o bot no Telegram, toque em{" "}
        <strong>Desbloquear</strong> e depois em <strong>Iniciar</strong>.
      </p>
    </Notice>
  );
}
