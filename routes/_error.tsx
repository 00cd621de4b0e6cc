import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { currentRequest, log } from "@/core/log/mod.ts";
import { Overloaded } from "@/core/overloaded.ts";
import { MaintenanceError } from "@/core/store/transact.ts";

const TEXTS: Record<number, [title: string, text: string]> = {
  400: ["Pedido inválido", "O endereço ou o formulário chegou danificado. Volte e tente de novo."],
  403: ["Sem permissão", "Você não tem permissão para abrir esta página."],
  404: ["Página não encontrada", "O endereço não existe ou mudou. Confira ou volte ao início."],
  405: ["Ação não permitida", "Esta página não aceita esse tipo de pedido."],
  408: ["Envio lento demais", "O envio não terminou a tempo. Confira a conexão e tente de novo."],
  411: ["Envio sem tamanho", "O pedido não disse o tamanho do que envia. Volte e tente de novo."],
  413: ["Envio grande demais", "O que foi enviado é maior do que o portal aceita."],
};
const FAULT: [string, string] = [
  "Algo deu errado do nosso lado",
  "O erro foi registrado. Tente de novo em alguns minutos; nada do que já estava salvo se perdeu.",
];

const MAINTENANCE: [string, string] = [
  "Portal em manutenção",
  "O portal volta em alguns minutos. O que você acabou de enviar não foi gravado: envie de novo " +
  "daqui a pouco.",
];
/** Seconds: about as long as a backup over the network takes. */
const MAINTENANCE_LASTS = "120";

export const handler = define.handlers(({ error }) =>
  error instanceof MaintenanceError
    ? page(undefined, { status: 503, headers: { "retry-after": MAINTENANCE_LASTS } })
    : page()
);

/** Says what happened and where to go; never what went on inside. */
export default define.page(function ErrorPage({ error, state }) {
  const status = error instanceof HttpError ? error.status : 500;
  const maintenance = error instanceof MaintenanceError;
  // What is turned away is no fault, and is answered by `http/limits.ts`.
  const isFault = status >= 500 && !maintenance && !(error instanceof Overloaded);
  if (isFault) log("error", "fault", {}, error);
  const [title, text] = maintenance ? MAINTENANCE : TEXTS[status] ?? FAULT;
  const id = isFault ? currentRequest()?.id : undefined;
  state.title = title;
  return (
    <div class="container narrow">
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {id && (
        <p>
          Se pedir ajuda, informe este código: <code>{id}</code>
        </p>
      )}
      <p>
        <a class="button primary" href="/">Ir para o início</a>
      </p>
    </div>
  );
});
