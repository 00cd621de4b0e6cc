import { SYSTEMS } from "@/core/access/systems.ts";

/** Boxes to tick for the systems a person is let into. */
export function SystemChoice({ granted }: { granted: readonly string[] }) {
  return (
    <fieldset class="field">
      <legend>Sistemas concedidos nesta operadora</legend>
      {SYSTEMS.map(({ id, name, description }) => (
        <label class="check" key={id}>
          <input type="checkbox" name="sistema" value={id} checked={granted.includes(id)} />
          <span>
            <strong>{name}</strong> — {description}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
