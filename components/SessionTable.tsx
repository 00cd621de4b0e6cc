import type { SessionView } from "@/core/account/session_list.ts";
import { describeAgent } from "./agent.ts";
import { formatMoment } from "./dates.ts";
import { TableScroll } from "./TableScroll.tsx";

/** A person's open sessions, each with the button that ends it. */
export function SessionTable({ sessions }: { sessions: readonly SessionView[] }) {
  return (
    <TableScroll label="Sessões abertas">
      <table>
        <thead>
          <tr>
            <th scope="col">Navegador</th>
            <th scope="col">Ação</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.handle}>
              <td>
                {describeAgent(session.agent)}
                {session.byCertificate && ", com certificado"}
                <br />
                <span class="muted">
                  Desde {formatMoment(session.since)}, último uso em{" "}
                  {formatMoment(session.lastSeenAt)}
                </span>
              </td>
              <td>{session.current ? "Esta sessão" : <EndForm handle={session.handle} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function EndForm({ handle }: { handle: string }) {
  return (
    <form method="post">
      <button class="button secondary small" name="sessao" value={handle} type="submit">
        Encerrar
      </button>
    </form>
  );
}
