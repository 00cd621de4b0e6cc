import type { ComponentChildren } from "preact";

/** A message about the page. Errors are read out at once by a screen reader. */
export function Notice(
  { kind, children }: {
    kind: "error" | "success" | "info" | "warning";
    children: ComponentChildren;
  },
) {
  return (
    <div class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** The error of a form, when there is one. */
export function FormError({ message }: { message: string | null | undefined }) {
  return message ? <Notice kind="error">{message}</Notice> : null;
}
