import type { Member } from "@/core/access/find_members.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { formatMoment } from "./dates.ts";
import { TableScroll } from "./TableScroll.tsx";

export type MemberRow = Member & { computers: number };

/** People of an establishment, each with the link to their page. */
export function MemberTable({ cnes, members }: { cnes: string; members: readonly MemberRow[] }) {
  return (
    <TableScroll label="Pessoas">
      <table>
        <thead>
          <tr>
            <th scope="col">Nome</th>
            <th scope="col">CPF</th>
            <th scope="col">Perfil</th>
            <th scope="col">Desde</th>
            <th scope="col">Computadores</th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ person, membership: { profile, since, ended }, computers }) => (
            <tr key={person.id}>
              <td>
                <a href={`/administracao/${cnes}/pessoas/${person.id}`}>{person.name}</a>
              </td>
              <td>{maskCpf(person.cpf)}</td>
              <td>
                {profile ?? "Ainda sem perfil"}
                {ended && <span class="tag rejected">Desativado em {formatMoment(ended.at)}</span>}
              </td>
              <td>{formatMoment(since)}</td>
              <td>{computers}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
