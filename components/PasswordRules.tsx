import type { PasswordPolicy } from "@/core/config/mod.ts";

/** The rules of the policy in force, before the first try and not after it. */
export function PasswordRules({ policy }: { policy: PasswordPolicy }) {
  return (
    <div class="hint-box" id="regras-da-senha">
      <p>A senha precisa ter:</p>
      {policy === "ans"
        ? (
          <ul>
            <li>8 caracteres ou mais</li>
            <li>letra maiúscula, letra minúscula e número</li>
            <li>um destes símbolos: @ # $ % & *</li>
          </ul>
        )
        : (
          <ul>
            <li>15 caracteres ou mais; uma frase é uma boa senha</li>
          </ul>
        )}
      <p>Não use seu nome, seu CPF, o nome da operadora nem senhas comuns.</p>
    </div>
  );
}
