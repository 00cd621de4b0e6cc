import { asset } from "fresh/runtime";
import { Overloaded, type OverloadKind } from "@/core/overloaded.ts";
import { MaintenanceError } from "@/core/store/transact.ts";

/** Why a request is not worked on: too much at once, the portal stops, or it is in maintenance. */
export type Reason = OverloadKind | "stopping" | "maintenance";

/** Seconds until it is worth trying again: a restart, a backup over the network take about as long. */
const RETRY_AFTER: Record<Reason, number> = {
  requests: 5,
  passwords: 5,
  store: 30,
  deadline: 30,
  stopping: 5,
  maintenance: 120,
};

const NOT_BEGUN = "Nada do que você enviou foi recebido: volte, espere alguns segundos e envie " +
  "de novo.";
const UNKNOWN =
  "Espere meio minuto e abra a página de novo. Se você enviou um formulário, confira " +
  "antes de repetir: o que pediu pode já ter sido feito.";
const TEXTS: Record<Reason, string> = {
  requests: `Há pedidos demais neste momento. ${NOT_BEGUN}`,
  passwords: `Muitas pessoas estão entrando ao mesmo tempo. ${NOT_BEGUN}`,
  store: `O portal não conseguiu ler ou guardar os dados a tempo. ${UNKNOWN}`,
  deadline: `O portal não terminou a tempo. ${UNKNOWN}`,
  stopping: "Nada do que você enviou agora foi recebido. Aguarde alguns segundos e tente de novo.",
  maintenance: "O portal volta em alguns minutos. O que você acabou de enviar não foi gravado: " +
    "envie de novo daqui a pouco.",
};

function titleOf(reason: Reason): string {
  if (reason === "stopping") return "O portal está reiniciando";
  return reason === "maintenance" ? "Portal em manutenção" : "O portal está ocupado";
}

/** Why what was thrown turns its request away; null when it is another error. */
export function reasonOf(error: unknown): Reason | null {
  if (error instanceof Overloaded) return error.kind;
  return error instanceof MaintenanceError ? "maintenance" : null;
}

/**
 * The answer to a request that is not worked on: 503 with `Retry-After`. A page of a fixed text; JSON
 * `{ code, message }` for what scripts and other systems ask under `/api`, where the code is
 * `overloaded`, `stopping` or `maintenance`.
 *
 * @example if (working >= most) return turnAway(ctx.url, "requests");
 */
export function turnAway({ pathname }: URL, reason: Reason): Response {
  const headers = new Headers({
    "Retry-After": String(RETRY_AFTER[reason]),
    "Cache-Control": "no-store",
  });
  // The next request of the browser is for the process that comes after this one.
  if (reason === "stopping") headers.set("Connection", "close");
  const message = TEXTS[reason];
  if (pathname.startsWith("/api/")) {
    const code = reason === "stopping" || reason === "maintenance" ? reason : "overloaded";
    return Response.json({ code, message }, { status: 503, headers });
  }
  headers.set("Content-Type", "text/html; charset=utf-8");
  return new Response(pageOf(titleOf(reason), message), { status: 503, headers });
}

function pageOf(title: string, text: string): string {
  return `<!DOCTYPE html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Habilita</title>
<link rel="stylesheet" href="${asset("/vendor/tokens.css")}">
<link rel="stylesheet" href="${asset("/app.css")}">
</head>
<body>
<main class="container narrow">
<h1>${title}</h1>
<p class="lead">${text}</p>
<p><a class="button primary" href="/">Ir para o início</a></p>
</main>
</body>
</html>
`;
}
