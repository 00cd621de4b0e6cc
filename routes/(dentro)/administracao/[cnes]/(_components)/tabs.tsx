import type { Managed } from "@/core/access/administration.ts";

const TABS = [["", "Pessoas"], ["/computadores", "Computadores"], ["/decididos", "Decididos"]];

/** Which establishment is looked after, and the pages about it. */
export function MemberTabs({ managed, current }: { managed: Managed; current: string }) {
  const { cnes, administers } = managed;
  return (
    <>
      <p class="lead">{placeOf(managed)} · CNES {cnes}</p>
      <nav class="tabs" aria-label="Administração do estabelecimento">
        <ul>
          {TABS.map(([path, label]) => (
            <li key={path}>
              <a
                href={`/administracao/${cnes}${path}`}
                aria-current={label === current ? "page" : undefined}
              >
                {label}
              </a>
            </li>
          ))}
          {administers && (
            <li>
              <a href={`/pedidos?fila=${cnes}`}>Pedidos para decidir</a>
            </li>
          )}
        </ul>
      </nav>
    </>
  );
}

/** Name of an establishment that may have left the CNES. */
export function placeOf({ establishment }: Managed): string {
  return establishment?.nome ?? "Estabelecimento que saiu do CNES";
}
