import type { PasswordPolicy } from "@/core/config/mod.ts";
import { Field } from "./Field.tsx";
import { PasswordRules } from "./PasswordRules.tsx";

/** A new password, typed twice, under the rules in force. */
export function NewPassword({ policy, label }: { policy: PasswordPolicy; label: string }) {
  return (
    <>
      <PasswordRules policy={policy} />
      <Field
        label={label}
        name="senha"
        type="password"
        autocomplete="new-password"
        maxLength={128}
        required
        aria-describedby="regras-da-senha"
      />
      <Field
        label="Repita a senha"
        name="repetida"
        type="password"
        autocomplete="new-password"
        maxLength={128}
        required
      />
    </>
  );
}
