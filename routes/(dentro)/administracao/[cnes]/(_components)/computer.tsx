import { formatMoment } from "@/components/dates.ts";
import type { ComputerRecord } from "@/core/store/records/access.ts";

export const COMPUTER_REMOVED =
  "Computador retirado. A mudança já vale, e a pessoa foi avisada por e-mail.";

/** A computer on which a person may use their profile, with the form that takes it away. */
export function MemberComputer(
  { computer, personId, owner }: {
    computer: ComputerRecord;
    personId: string;
    /** Name, and address of the person's page; left out on that page itself. */
    owner?: { name: string; href: string };
  },
) {
  const { thumbprint, label, place, since } = computer;
  // Among the computers of one person it stands below their heading.
  const Heading = owner ? "h2" : "h3";
  const heading = `computador-${personId}-${thumbprint}`;
  return (
    <li class="card form">
      <Heading id={heading}>{label}</Heading>
      <p>
        {place}
        {owner && (
          <>
            {" · "}
            <a href={owner.href}>{owner.name}</a>
          </>
        )}
        <br />
        <span class="muted">Aprovado em {formatMoment(since)}</span>
      </p>
      <details>
        <summary aria-describedby={heading}>Retirar este computador</summary>
        <form method="post" class="form">
          <p>
            O computador deixa de abrir o acesso agora, e a pessoa é avisada por e-mail. Para voltar
            a usá-lo, ela pede de novo.
          </p>
          <input type="hidden" name="pessoa" value={personId} />
          <input type="hidden" name="computador" value={thumbprint} />
          <button
            class="button danger"
            name="acao"
            value="retirar"
            type="submit"
            aria-describedby={heading}
          >
            Retirar
          </button>
        </form>
      </details>
    </li>
  );
}
