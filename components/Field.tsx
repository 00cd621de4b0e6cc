import type { ComponentChildren, JSX } from "preact";

type InputProps = JSX.InputHTMLAttributes<HTMLInputElement>;

/** A labelled field; the hint is read out with it. */
export function Field(
  { label, name, hint, ...input }:
    & { label: string; name: string; hint?: ComponentChildren }
    & Omit<InputProps, "name" | "label">,
) {
  const hintId = hint ? `${name}-ajuda` : undefined;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} aria-describedby={hintId} {...input} />
      {hint && <p class="hint" id={hintId}>{hint}</p>}
    </div>
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
