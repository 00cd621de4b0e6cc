import { asset } from "fresh/runtime";
import type { OverloadKind } from "@/core/overloaded.ts";

/** Seconds until it is worth trying again. */
const RETRY_AFTER: Record<OverloadKind, number> = {
  requests: 5,
  passwords: 5,
  store: 30,
  deadline: 30,
};

const NOT_BEGUN = "Nada do que você enviou foi recebido: volte, espere alguns segundos e envie " +
  "de novo.";
const UNKNOWN =
  "Espere meio minuto e abra a página de novo. Se você enviou um formulário, confira " +
  "antes de repetir: o que pediu pode já ter sido feito.";
const TEXTS: Record<OverloadKind, string> = {
  requests: `Há pedidos demais neste momento. ${NOT_BEGUN}`,
  passwords: `Muitas pessoas estão entrando ao mesmo tempo. ${NOT_BEGUN}`,
  store: `O portal não conseguiu ler ou guardar os dados a tempo. ${UNKNOWN}`,
  deadline: `O portal não terminou a tempo. ${UNKNOWN}`,
};
const TITLE = "O portal está ocupado";

/**
 * The answer to a request that there is no room or no time for: 503 with `Retry-After`. A page of a fixed
 * text, JSON `{ code, message }` for what scripts and other systems ask under `/api`.
 */
export function turnAway({ pathname }: URL, kind: OverloadKind): Response {
  const headers = { "Retry-After": String(RETRY_AFTER[kind]), "Cache-Control": "no-store" };
  if (pathname.startsWith("/api/")) {
    return Response.json({ code: "overloaded", message: TEXTS[kind] }, { status: 503, headers });
  }
  return new Response(pageOf(TEXTS[kind]), {
    status: 503,
    headers: { ...headers, "Content-Type": "text/html; charset=utf-8" },
  });
}

function pageOf(text: string): string {
  return `<!DOCTYPE html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TITLE} · Habilita</title>
<link rel="stylesheet" href="${asset("/vendor/tokens.css")}">
<link rel="stylesheet" href="${asset("/app.css")}">
</head>
<body>
<main class="container narrow">
<h1>${TITLE}</h1>
<p class="lead">${text}</p>
<p><a class="button primary" href="/">Ir para o início</a></p>
</main>
</body>
</html>
`;
}
