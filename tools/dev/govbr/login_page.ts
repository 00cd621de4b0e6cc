import { escape } from "@std/html";
import { formatCpf } from "@/core/registry/numbers.ts";
import { GOVBR_LEVELS } from "@/core/config/mod.ts";
import { LEVEL_NAMES } from "@/core/config/choices.ts";
import type { GovbrPerson } from "./account.ts";

/** The page on which one says who one is. It has the look of nobody: this is not gov.br. */
export function loginPage(uid: string, people: readonly GovbrPerson[]): string {
  const persons = people.map(({ cpf, nome }, i) =>
    radio("cpf", cpf, `${nome} — ${formatCpf(cpf)}`, i === 0)
  );
  const levels = GOVBR_LEVELS.map((level) =>
    radio("nivel", level, LEVEL_NAMES[level], level === "silver")
  );
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gov.br simulado</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem; }
label { display: block; padding: .25rem 0; }
fieldset { margin-bottom: 1rem; }
button { font: inherit; padding: .5rem 1.25rem; }
</style>
</head>
<body>
<main>
<h1>gov.br simulado</h1>
<p>Só existe no mundo de desenvolvimento. As pessoas são inventadas e não há senha.</p>
<form method="post" action="/interacao/${escape(uid)}">
<fieldset><legend>Quem é você?</legend>${persons.join("")}</fieldset>
<fieldset><legend>Nível da conta</legend>${levels.join("")}</fieldset>
<label><input type="checkbox" name="email" value="sim" checked> E-mail verificado no gov.br</label>
<p>
<button name="acao" value="entrar">Autorizar</button>
<button name="acao" value="negar">Negar</button>
</p>
</form>
</main>
</body>
</html>`;
}

function radio(name: string, value: string, label: string, checked: boolean): string {
  return `<label><input type="radio" name="${name}" value="${value}"${
    checked ? " checked" : ""
  }> ` +
    `${escape(label)}</label>`;
}
