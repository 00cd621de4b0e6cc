/**
 * Who may call what: one row for each page and endpoint. `permissions_test.ts` calls each as each
 * kind of caller and compares. Written to `docs/permissions.md` by
 * `deno run -A tests/http/permissions.ts`.
 */

/**
 * - `all`: anybody, logged in or not.
 * - `govbr`: anybody, where gov.br is configured; else there is no such page.
 * - `step`: only in the middle of a way in; everybody else is led to where they belong.
 * - `inside`: who is logged in.
 * - `representative`: the legal representative, in by certificate; only people of their operadora.
 * - `establishment`: who administers the establishment in the address or represents its operadora.
 * - `telegram`: Telegram, by the secret of the webhook.
 */
export type Access =
  | "all"
  | "govbr"
  | "step"
  | "inside"
  | "representative"
  | "establishment"
  | "telegram";

export interface Row {
  path: string;
  methods: "GET" | "POST" | "GET POST";
  access: Access;
}

const row = (path: string, methods: Row["methods"], access: Access): Row => ({
  path,
  methods,
  access,
});

export const PERMISSIONS: readonly Row[] = [
  row("/", "GET", "all"),
  row("/.well-known/jwks.json", "GET", "all"),
  row("/acessar/[sistema]", "GET", "inside"),
  row("/acessar/[sistema]/[cnes]", "GET", "inside"),
  row("/administracao", "GET", "inside"),
  row("/administracao/[cnes]", "GET POST", "establishment"),
  row("/administracao/[cnes]/computadores", "GET POST", "establishment"),
  row("/administracao/[cnes]/decididos", "GET", "establishment"),
  row("/administracao/[cnes]/pessoas/[id]", "GET POST", "establishment"),
  row("/api/computador", "POST", "inside"),
  row("/api/computador/esquecer", "POST", "inside"),
  row("/api/computador/prova", "POST", "inside"),
  row("/api/handoff", "POST", "inside"),
  row("/api/handoff/redeem", "POST", "all"),
  row("/api/telegram", "POST", "telegram"),
  row("/cadastro", "GET POST", "all"),
  row("/cadastro/codigo", "GET POST", "step"),
  row("/cadastro/senha", "GET POST", "step"),
  row("/cadastro/termos", "GET POST", "step"),
  row("/caminho", "GET", "all"),
  row("/certificado", "GET POST", "all"),
  row("/certificado/desafio", "GET", "all"),
  row("/certificado/diagnostico", "GET POST", "all"),
  row("/certificado/navegador", "POST", "all"),
  row("/certificado/registro", "GET POST", "step"),
  row("/certificado/registro/codigo", "GET POST", "step"),
  row("/certificado/registro/divergencia", "GET POST", "step"),
  row("/certificado/senha", "GET POST", "step"),
  row("/conta", "GET POST", "inside"),
  row("/conta/cns", "GET POST", "inside"),
  row("/conta/email", "GET POST", "inside"),
  row("/conta/senha", "GET POST", "inside"),
  row("/conta/telegram", "GET POST", "inside"),
  row("/desfazer-email", "GET POST", "all"),
  row("/entrar", "GET POST", "all"),
  row("/convite", "GET POST", "step"),
  row("/convite/cadastro", "GET POST", "step"),
  row("/convite/confirmar", "GET POST", "step"),
  row("/convites", "GET POST", "inside"),
  row("/convites/[id]", "GET POST", "inside"),
  row("/entrar/codigo", "GET POST", "all"),
  row("/entrar/conta", "GET POST", "all"),
  row("/estabelecimentos", "GET POST", "representative"),
  row("/govbr", "GET", "govbr"),
  row("/govbr/email", "GET POST", "step"),
  row("/govbr/juntar", "GET POST", "step"),
  row("/govbr/juntar/codigo", "GET POST", "step"),
  row("/govbr/retorno", "GET", "govbr"),
  row("/operadoras", "GET POST", "inside"),
  row("/painel", "GET", "inside"),
  row("/pedidos", "GET POST", "inside"),
  row("/primeiro-acesso", "GET POST", "step"),
  row("/primeiro-acesso/cadastro", "GET POST", "step"),
  row("/primeiro-acesso/confirmar", "GET POST", "step"),
  row("/primeiro-acesso/conta", "GET POST", "step"),
  row("/primeiro-acesso/outro-nome", "GET", "step"),
  row("/primeiro-acesso/termos", "GET POST", "step"),
  row("/recuperar-senha", "GET POST", "all"),
  row("/recuperar-senha/codigo", "GET POST", "all"),
  row("/sair", "POST", "all"),
  row("/saude", "GET", "all"),
  row("/saude/pronto", "GET", "all"),
  row("/saude/vivo", "GET", "all"),
  row("/solicitar", "GET POST", "inside"),
  row("/solicitar/[cnes]", "GET POST", "inside"),
  row("/termos", "GET POST", "inside"),
  row("/termos-de-uso", "GET", "all"),
  row("/usuarios", "GET POST", "representative"),
  row("/usuarios/[id]", "GET POST", "representative"),
  row("/usuarios/convites/[id]", "GET POST", "representative"),
  row("/usuarios/importar", "GET POST", "representative"),
  row("/usuarios/novo", "GET POST", "representative"),
];

const TITLE = `# Who may call what

Made from the table in \`tests/http/permissions.ts\`, by which \`permissions_test.ts\` calls every page and
endpoint as a visitor, a usuário, an administrador, the representatives of this and of another operadora,
somebody whose tie to the operadora was deactivated and somebody who was deactivated.

- **all**: anybody. **step**: only in the middle of a way in; everybody else is led to where they belong.
- **govbr**: anybody, where gov.br is configured; else there is no such page.
- **inside**: who is logged in, with the terms accepted; visitors are sent to the login.
- **representative**: the legal representative, in by certificate; others get 403, and a person of another
  operadora is 404.
- **establishment**: who administers the establishment in the address, and the legal representative of its
  operadora; others get 403, whether there is such a number or not, and a person who never had access there
  is 404.
- **telegram**: Telegram, by the secret of the webhook.

`;

export function renderPermissions(): string {
  const rows = PERMISSIONS.map(({ path, methods, access }) =>
    `| \`${path}\` | ${methods} | ${access} |`
  );
  return `${TITLE}${["| page | methods | who |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
}

if (import.meta.main) await Deno.writeTextFile("docs/permissions.md", renderPermissions());
