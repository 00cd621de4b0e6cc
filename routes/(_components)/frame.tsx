import type { Caller } from "@/core/access/caller.ts";

/** Name of the portal, the person logged in with their operadora, and the menu of what they may open. */
export function Header({ caller, path }: { caller: Caller | null; path: string }) {
  return (
    <header class="site-header">
      <div class="container site-header-row">
        <a class="brand" href={caller ? "/painel" : "/"}>
          <span class="brand-mark" aria-hidden="true">H</span>
          <span>
            <strong>Habilita</strong>
            <span class="brand-sub">Portal das operadoras</span>
          </span>
        </a>
        {caller && <WhoIsIn caller={caller} />}
      </div>
      {caller?.termsAccepted && <Menu caller={caller} path={path} />}
    </header>
  );
}

function WhoIsIn({ caller }: { caller: Caller }) {
  return (
    <div class="who">
      <div class="who-text">
        <span class="who-name">{caller.person.name}</span>
        {caller.operadora && <span class="who-operadora">{caller.operadora.razaoSocial}</span>}
      </div>
      <form method="post" action="/sair">
        <button class="button secondary small" type="submit">Sair</button>
      </form>
    </div>
  );
}

const REPRESENTATIVE_LINKS: [href: string, label: string][] = [
  ["/usuarios", "Usuários"],
  ["/estabelecimentos", "Estabelecimentos"],
];

/** For the administrators of an establishment and the representative of an operadora. */
const DECIDER_LINKS: [href: string, label: string][] = [
  ["/pedidos", "Pedidos"],
  ["/administracao", "Administração"],
];

function Menu({ caller, path }: { caller: Caller; path: string }) {
  const links: [href: string, label: string][] = [
    ["/painel", "Início"],
    ...caller.isRepresentative ? REPRESENTATIVE_LINKS : [],
    ["/solicitar", "Solicitar acesso"],
    ["/caminho", "Seu caminho"],
    ...caller.administers || caller.isRepresentative ? DECIDER_LINKS : [],
    ["/conta", "Minha conta"],
    // A person who has chosen none is led to the choice, if there is one, from "Início".
    ...caller.operadora && !caller.isRepresentative
      ? [["/operadoras", "Trocar operadora"] as [string, string]]
      : [],
  ];
  return (
    <nav class="menu" aria-label="Principal">
      <ul class="container">
        {links.map(([href, label]) => (
          <li key={href}>
            <a href={href} aria-current={path.startsWith(href) ? "page" : undefined}>{label}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Below every page. */
export function Footer() {
  return (
    <footer class="site-footer">
      <div class="container">
        <p>
          <strong>Habilita</strong>{" "}
          — acesso das operadoras de planos de saúde aos sistemas da saúde.
        </p>
        <p>
          <a href="/">Início</a> · <a href="/termos-de-uso">Termos de uso</a>
        </p>
      </div>
    </footer>
  );
}
