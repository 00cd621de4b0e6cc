import { Field } from "./Field.tsx";

/** The code of 8 characters that came by e-mail. */
export function CodeField({ label = "Código de confirmação" }: { label?: string }) {
  return (
    <Field
      label={label}
      name="codigo"
      class="code-input"
      autocomplete="one-time-code"
      autocapitalize="characters"
      spellcheck={false}
      maxLength={20}
      required
      autofocus
    />
  );
}
