import { USUAL_REASONS } from "@/core/access/requests/describe.ts";

/** The reasons to choose from when rejecting, or one in own words; the person reads it. */
export function DecisionReasons(
  { id, heading, rejecting }: {
    /** Of the request. */
    id: string;
    /** Id of the element that names the request. */
    heading: string;
    rejecting?: { text: string };
  },
) {
  const text = `motivo-${id}`;
  return (
    <details open={rejecting !== undefined}>
      <summary aria-describedby={heading}>Reprovar este pedido</summary>
      <form method="post" class="form">
        <input type="hidden" name="pedido" value={id} />
        <fieldset class="field">
          <legend>Por que reprovar? A pessoa lê o motivo no e-mail.</legend>
          {Object.entries(USUAL_REASONS).map(([reason, words]) => (
            <label class="check" key={reason}>
              <input type="radio" name="motivo" value={reason} />
              <span>{words}</span>
            </label>
          ))}
          <label class="check">
            <input
              type="radio"
              name="motivo"
              value="outro"
              checked={Boolean(rejecting?.text)}
            />
            <span>Outro motivo, escrito abaixo</span>
          </label>
        </fieldset>
        <div class="field">
          <label for={text}>Outro motivo, ou mais detalhes</label>
          <textarea id={text} name="texto" rows={2} maxLength={500} value={rejecting?.text} />
        </div>
        <button
          class="button danger"
          name="decisao"
          value="reprovar"
          type="submit"
          aria-describedby={heading}
        >
          Reprovar
        </button>
      </form>
    </details>
  );
}
