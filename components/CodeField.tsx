import { Field } from "./Field.tsx";

/** The code of 8 characters that came by e-mail. */
export function CodeField() {
  return (
    <Field
      label="Código de confirmação"
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
