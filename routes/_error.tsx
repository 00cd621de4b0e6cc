import { HttpError } from "fresh";
import { define } from "@/app.ts";
import { currentRequest, log } from "@/core/log/mod.ts";
import { reasonOf } from "@/http/turn_away.ts";

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

/** Says what happened and where to go; never what went on inside. */
export default define.page(function ErrorPage({ error, state }) {
  const status = error instanceof HttpError ? error.status : 500;
  // What is turned away is no fault, and is answered by `http/limits.ts`.
  const isFault = status >= 500 && reasonOf(error) === null;
  if (isFault) log("error", "fault", {}, error);
  const [title, text] = TEXTS[status] ?? FAULT;
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
