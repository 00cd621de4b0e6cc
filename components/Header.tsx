import type { Caller } from "@/core/access/caller.ts";

/** Name of the portal, who is in and for which operadora, and the menu of what they may open. */
export function Header({ caller }: { caller: Caller | null }) {
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
      {caller?.termsAccepted && <Menu caller={caller} />}
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

function Menu({ caller }: { caller: Caller }) {
  return (
    <nav class="menu" aria-label="Principal">
      <ul class="container">
        <li>
          <a href="/painel">Início</a>
        </li>
        {caller.isRepresentative && (
          <li>
            <a href="/usuarios">Usuários</a>
          </li>
        )}
        <li>
          <a href="/solicitar">Solicitar acesso</a>
        </li>
        <li>
          <a href="/pedidos">Pedidos</a>
        </li>
        <li>
          <a href="/conta/telegram">Telegram</a>
        </li>
        {!caller.isRepresentative && (
          <li>
            <a href="/operadoras">Trocar operadora</a>
          </li>
        )}
      </ul>
    </nav>
  );
}
