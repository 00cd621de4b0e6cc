import type { ComponentChildren } from "preact";

/** Lets a wide table scroll by itself on a narrow screen; the keyboard reaches it too. */
export function TableScroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
