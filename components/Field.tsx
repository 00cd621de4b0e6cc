import type { ComponentChildren, JSX } from "preact";
import type { PasswordPolicy } from "@/core/config/mod.ts";

type InputProps = JSX.InputHTMLAttributes<HTMLInputElement>;

type FieldProps =
  & { label: string; name: string; id?: string; hint?: ComponentChildren }
  & Omit<InputProps, "name" | "label" | "id">;

/**
 * A labelled field; the hint is read out with it.
 *
 * @param props.id its name, unless several of the name stand on the page
 */
export function Field({ label, name, id = name, hint, ...input }: FieldProps) {
  const hintId = hint ? `${id}-ajuda` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} aria-describedby={hintId} {...input} />
      {hint && <p class="hint" id={hintId}>{hint}</p>}
    </div>
  );
}

/** A reason or a justification of up to 500 characters, which another person reads. */
export function TextField(
  { label, name, value, hint }: { label: string; name: string; value: string; hint: string },
) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <textarea
        id={name}
        name={name}
        rows={2}
        maxLength={500}
        required
        value={value}
        aria-describedby={`${name}-ajuda`}
      />
      <p class="hint" id={`${name}-ajuda`}>{hint}</p>
    </div>
  );
}

/** A box to tick or, of `type="radio"`, one of several choices; its words stand beside it. */
export function Check({ children, ...input }: Omit<InputProps, "children"> & {
  children: ComponentChildren;
}) {
  return (
    <label class="check">
      <input {...input} />
      <span>{children}</span>
    </label>
  );
}

/** CPF, with the keyboard for numbers on a phone. */
export function CpfField(props: { value?: string; autofocus?: boolean }) {
  return (
    <Field
      label="CPF"
      name="cpf"
      inputMode="numeric"
      autocomplete="username"
      placeholder="000.000.000-00"
      maxLength={18}
      required
      {...props}
    />
  );
}

/** What an account signs in with: its CPF or its e-mail. */
export function HandleField(props: { value?: string; autofocus?: boolean }) {
  return (
    <Field
      label="CPF ou e-mail"
      name="login"
      autocomplete="username"
      autocapitalize="none"
      spellcheck={false}
      maxLength={254}
      required
      {...props}
    />
  );
}

/** The number of a person's health card. */
export function CnsField(props: { label: string; value: string }) {
  return (
    <Field
      name="cns"
      inputMode="numeric"
      autocomplete="off"
      placeholder="000 0000 0000 0000"
      maxLength={24}
      required
      hint="São 15 números. Estão no cartão do SUS e no aplicativo Meu SUS Digital."
      {...props}
    />
  );
}

/** The number of an establishment, of 7 digits. */
export function CnesField(props: Omit<FieldProps, "name">) {
  return <Field name="cnes" inputMode="numeric" autocomplete="off" required {...props} />;
}

/** An e-mail address: of the person who types it, or with `autocomplete="off"` of another one. */
export function EmailField(props: Omit<FieldProps, "name" | "label"> & { label?: string }) {
  return (
    <Field
      label="E-mail"
      name="email"
      type="email"
      autocomplete="email"
      maxLength={254}
      required
      {...props}
    />
  );
}

/** A password that the person has. */
export function PasswordField(props: Partial<FieldProps>) {
  return (
    <Field
      label="Senha"
      name="senha"
      type="password"
      autocomplete="current-password"
      maxLength={128}
      required
      {...props}
    />
  );
}

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

/** A new password, typed twice, under the rules in force. */
export function NewPassword({ policy, label }: { policy: PasswordPolicy; label: string }) {
  return (
    <>
      <PasswordRules policy={policy} />
      <PasswordField
        label={label}
        autocomplete="new-password"
        aria-describedby="regras-da-senha"
      />
      <PasswordField label="Repita a senha" name="repetida" autocomplete="new-password" />
    </>
  );
}

/** The rules of the policy in force, before the first try and not after it. */
function PasswordRules({ policy }: { policy: PasswordPolicy }) {
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
