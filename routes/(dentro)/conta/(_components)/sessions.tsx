import { Table } from "@/components/tables.tsx";
import { formatMoment } from "@/components/dates.ts";
import type { SessionView } from "@/core/account/session_list.ts";

/** A person's open sessions, each with the button that ends it. */
export function SessionTable({ sessions }: { sessions: readonly SessionView[] }) {
  return (
    <Table label="Sessões abertas" heads={["Navegador", "Ação"]}>
      {sessions.map((session) => (
        <tr key={session.handle}>
          <td>
            {describeAgent(session.agent)}
            {session.byCertificate && ", com certificado"}
            <br />
            <span class="muted">
              Desde {formatMoment(session.since)}, último uso em {formatMoment(session.lastSeenAt)}
            </span>
          </td>
          <td>
            {session.current ? "Esta sessão" : (
              <form method="post">
                <button
                  class="button secondary small"
                  name="sessao"
                  value={session.handle}
                  type="submit"
                >
                  Encerrar
                </button>
              </form>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

const BROWSERS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS|Chromium)\//, "Chrome"],
  [/Version\/.*Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|CrOS/, "Linux"],
];

/** A browser in words, by the name it gives itself (header `User-Agent`), e.g. `Firefox no Linux`. */
export function describeAgent(agent: string): string {
  const named = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = named(BROWSERS) ?? "Navegador desconhecido";
  const system = named(SYSTEMS);
  return system ? `${browser} no ${system}` : browser;
}
