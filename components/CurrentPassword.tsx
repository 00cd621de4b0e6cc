import { Field } from "./Field.tsx";

/** Asked again before a change of the account. */
export function CurrentPassword() {
  return (
    <Field
      label="Senha atual"
      name="atual"
      type="password"
      autocomplete="current-password"
      maxLength={128}
      required
    />
  );
}
