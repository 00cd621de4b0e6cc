import type { ComponentChildren } from "preact";

interface TableProps {
  label: string;
  /** Of the columns. */
  heads: readonly ComponentChildren[];
  class?: string;
  /** The rows. */
  children: ComponentChildren;
}

/** A table that scrolls by itself on a narrow screen; the keyboard reaches it too. */
export function Table({ label, heads, class: kind, children }: TableProps) {
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table class={kind}>
        <thead>
          <tr>
            {heads.map((head, i) => <th key={i} scope="col">{head}</th>)}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/**
 * A name and its value, in a list of them.
 * @example
 * <dl class="facts">
 *   <Fact name="CNPJ">{formatCnpj(cnpj)}</Fact>
 * </dl>
 */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
