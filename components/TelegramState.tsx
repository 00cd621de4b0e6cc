import { formatMoment } from "./dates.ts";
import { Notice } from "./Notice.tsx";
import type { TelegramLink } from "@/core/store/records/account.ts";

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
