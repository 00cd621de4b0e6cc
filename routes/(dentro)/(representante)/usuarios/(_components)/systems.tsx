import { Check } from "@/components/Field.tsx";
import type { System } from "@/core/config/mod.ts";

/** Boxes to tick for the systems a person is let into. */
export function SystemChoice(
  { systems, granted }: { systems: readonly System[]; granted: readonly string[] },
) {
  return (
    <fieldset class="field">
      <legend>Sistemas concedidos nesta operadora</legend>
      {systems.map(({ id, name, description }) => (
        <Check key={id} type="checkbox" name="sistema" value={id} checked={granted.includes(id)}>
          <strong>{name}</strong> — {description}
        </Check>
      ))}
    </fieldset>
  );
}
