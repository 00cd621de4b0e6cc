/** Around what a `<Head>` renders where it stands; {@linkcode moveHead} takes it from there. */
export const HEAD_START = "<!--frsh:head-->";
export const HEAD_END = "<!--/frsh:head-->";

/**
 * Moves what `<Head>` components rendered into the document's head. A title takes the place of the
 * one that is there, and a `<meta>` that of the one with its name or property: the last one wins.
 */
export function moveHead(html: string): string {
  let moved = "";
  const rest = html.replace(MARKED, (_, content) => {
    moved += content;
    return "";
  });
  const end = rest.indexOf("</head>");
  if (end === -1) return rest;
  return replaceTags(rest.slice(0, end), moved) + rest.slice(end);
}

const MARKED = new RegExp(`${HEAD_START}([\\s\\S]*?)${HEAD_END}`, "g");
const TAG = /<title\b[^>]*>[\s\S]*?<\/title>|<meta\b[^>]*>/g;

function replaceTags(head: string, moved: string): string {
  const last = new Map<string, string>();
  for (const [tag] of moved.matchAll(TAG)) {
    const key = keyOf(tag);
    if (key !== null) last.set(key, tag);
  }
  const replaced = head.replace(TAG, (tag) => {
    const key = keyOf(tag);
    const winner = key === null ? undefined : last.get(key);
    if (winner === undefined) return tag;
    last.delete(key!);
    return winner;
  });
  const others = moved.replace(TAG, (tag) => {
    const key = keyOf(tag);
    if (key === null) return tag;
    const first = last.get(key);
    last.delete(key);
    return first ?? "";
  });
  return replaced + others;
}

function keyOf(tag: string): string | null {
  if (tag.startsWith("<title")) return "title";
  return /\s((?:name|property)="[^"]*")/.exec(tag)?.[1] ?? null;
}
