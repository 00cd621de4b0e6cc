import type { System } from "@/core/config/mod.ts";

/** A granted system, with the way into it. */
export function SystemCard({ system }: { system: System }) {
  return (
    <li class="card system">
      <h3>{system.name}</h3>
      <p>{system.description}</p>
      <Way system={system} />
    </li>
  );
}

function Way({ system: { id, name, address, access } }: { system: System }) {
  if (access === "steps") {
    return (
      <p>
        <a href={`/acessar/${id}`}>Acessar {name}</a>
      </p>
    );
  }
  if (!address) return <p class="hint">Aberto fora do portal, no endereço que você já usa.</p>;
  return (
    <p>
      <a href={address} target="_blank" rel="noopener noreferrer">
        Abrir {name} <span class="sr-only">(em outra aba)</span>
      </a>
    </p>
  );
}
