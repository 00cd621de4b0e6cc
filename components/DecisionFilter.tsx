/** One place whose requests somebody may decide. */
export interface Queue {
  /** CNES number, or another word for the address. */
  id: string;
  name: string;
}

/** Links that narrow the requests to one place. */
export function DecisionFilter(
  { queues, chosen }: { queues: readonly Queue[]; chosen: string },
) {
  return (
    <nav class="tabs" aria-label="Pedidos de">
      <ul>
        {[{ id: "", name: "Todos" }, ...queues].map(({ id, name }) => (
          <li key={id}>
            <a
              href={id === "" ? "/pedidos" : `/pedidos?fila=${id}`}
              aria-current={id === chosen ? "page" : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
