import { type ComponentChildren, Fragment, type VNode } from "preact";
import type { MessageEntity } from "grammy/types";
import type { FormattedText } from "./model.ts";

/**
 * Shows a text with its entities. Only the elements named below come out, and text only as
 * text: nothing that a person or a bot wrote becomes markup.
 */
export function FormattedTextView({ text, entities }: FormattedText): VNode {
  const edges = entities.flatMap(({ offset, length }) => [offset, offset + length]);
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b);
  return (
    <>
      {cuts.slice(1).map((end, index) => {
        const start = cuts[index]!;
        const covering = entities.filter(({ offset, length }) =>
          offset <= start && offset + length >= end
        );
        const linked = covering.some((entity) => entity.type === "text_link");
        const part = text.slice(start, end);
        const shown = covering.reduceRight<ComponentChildren>(
          (inner, entity) => wrap(entity, inner),
          linked ? part : <LinkedText text={part} />,
        );
        return <Fragment key={start}>{shown}</Fragment>;
      })}
    </>
  );
}

const TAGS: Partial<Record<MessageEntity["type"], "strong" | "em" | "u" | "s" | "code" | "q">> = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "q",
};

function wrap(entity: MessageEntity, inner: ComponentChildren): ComponentChildren {
  if (entity.type === "text_link" && /^https?:\/\//.test(entity.url)) {
    return <a href={entity.url} rel="noreferrer">{inner}</a>;
  }
  const Tag = TAGS[entity.type];
  return Tag ? <Tag>{inner}</Tag> : inner;
}

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
