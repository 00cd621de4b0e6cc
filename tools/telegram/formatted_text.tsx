import { type ComponentChildren, Fragment, type VNode } from "preact";
import type { MessageEntity } from "grammy/types";
import { LinkedText } from "../dev/linked_text.tsx";
import type { FormattedText } from "./model.ts";

/**
 * Shows a text with its entities. Only elements from the list below come out, and text only as
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

function wrap(entity: MessageEntity, inner: ComponentChildren): ComponentChildren {
  switch (entity.type) {
    case "bold":
      return <strong>{inner}</strong>;
    case "italic":
      return <em>{inner}</em>;
    case "underline":
      return <u>{inner}</u>;
    case "strikethrough":
      return <s>{inner}</s>;
    case "code":
    case "pre":
      return <code>{inner}</code>;
    case "blockquote":
      return <q>{inner}</q>;
    case "text_link":
      return /^https?:\/\//.test(entity.url)
        ? <a href={entity.url} rel="noreferrer">{inner}</a>
        : inner;
    default:
      return inner;
  }
}
