import { Fragment, type VNode } from "preact";

/** A text whose web addresses can be clicked; line breaks are left to `white-space: pre-wrap`. */
export function LinkedText({ text }: { text: string }): VNode {
  // A sentence's punctuation and a closing bracket after an address do not belong to it.
  const parts = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/);
  return (
    <>
      {parts.map((part, index) =>
        // Never a bare string in a list: precompiled JSX would escape it twice.
        index % 2 === 1
          ? <a key={index} href={part} rel="noreferrer">{part}</a>
          : <Fragment key={index}>{part}</Fragment>
      )}
    </>
  );
}
