import { escape } from "@std/html";
import type { Arrival, Problem } from "@/docs/integration/verify.ts";

/** What the stand-in says to somebody it does not let in. */
export const PROBLEMS: Record<Problem, string> = {
  origin_wrong: "O pedido não veio do portal.",
  token_invalid: "O passe não foi assinado pelo portal, ou foi alterado.",
  token_key_unknown: "O passe foi assinado com uma chave que o portal não publica.",
  token_late: "O passe venceu: ele vale por 60 segundos.",
  audience_wrong: "O passe é para outro sistema.",
  proof_invalid: "Falta a assinatura do computador para este passe.",
  computer_wrong: "O passe é de outro computador.",
  replayed: "O passe já foi usado.",
  not_active: "O portal não confirma mais este acesso.",
  portal_unreachable: "O portal não respondeu.",
};

export function welcomePage(person: Arrival): string {
  const facts = [
    ["Nome", person.name],
    ["CPF", person.cpf],
    ["CNS", person.cns ?? "não informado"],
    ["CNES", person.cnes],
    ["Perfil", person.profile],
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value!)}</dd>`);
  return page("Bem-vindo", `<p>O portal apresentou você:</p><dl>${list.join("")}</dl>`);
}

export function refusalPage(deps: string, problem: Problem): string {
  return page(
    "Não foi possível entrar",
    `<p role="alert">${PROBLEMS[problem]}</p><p>Código: <code>${problem}</code></p>${back(deps)}`,
  );
}

export function doorPage(deps: string): string {
  return page("Entre pelo portal", `<p>Não há senha aqui.</p>${back(deps)}`);
}

function back(deps: string): string {
  return `<p><a href="${escape(deps)}/painel">Voltar ao portal e tentar de novo</a></p>`;
}

/** It has the look of nobody: this is not the ministry's system. */
function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · CadSUS Web simulado</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dt { font-weight: 600; }
dd { margin: 0; }
</style>
</head>
<body>
<main>
<p>CadSUS Web simulado. Só existe no mundo de desenvolvimento.</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`;
}
