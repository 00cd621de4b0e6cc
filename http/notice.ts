/**
 * The notice that a redirect asked for by `?aviso=name`, null when there is none of that name. Only
 * the table's own names count: anybody can write an address.
 */
export function noticeOf(url: URL, notices: Readonly<Record<string, string>>): string | null {
  const name = url.searchParams.get("aviso") ?? "";
  return Object.hasOwn(notices, name) ? notices[name]! : null;
}
