import { formatMoment } from "./dates.ts";
import type { ComputerRecord } from "@/core/store/records/access.ts";

/** A person's approved computers at a place. Taking one away is asked twice, without a script. */
export function StepComputers(
  { computers, current }: { computers: readonly ComputerRecord[]; current: string | null },
) {
  return (
    <ul class="request-list">
      {computers.map(({ thumbprint, label, place, since }) => (
        <li key={thumbprint} class="card">
          <h3>
            {label} {thumbprint === current && <span class="tag approved">Este computador</span>}
          </h3>
          <p>{place}</p>
          <p class="muted">Aprovado em {formatMoment(since)}</p>
          <details>
            <summary>
              Retirar <span class="sr-only">{label}</span>
            </summary>
            <form method="post">
              <p>
                O acesso por este computador acaba na hora. Para voltar a usá-lo, é preciso pedir de
                novo.
              </p>
              <input type="hidden" name="acao" value="retirar" />
              <input type="hidden" name="computador" value={thumbprint} />
              <button class="button danger small" type="submit">Retirar {label}</button>
            </form>
          </details>
        </li>
      ))}
    </ul>
  );
}
