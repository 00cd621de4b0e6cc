import type { ComponentChildren } from "preact";
import { FormError, Notice } from "./Notice.tsx";

interface Props {
  title: string;
  /** As wide as the header, for tables; other pages are as narrow as text is read well. */
  wide?: boolean;
  /** The page above this one. */
  back?: { href: string; label: string };
  /** What stands between the title and the messages. */
  lead?: ComponentChildren;
  /** What was done. */
  notice?: string | null;
  /** Why it was not. */
  error?: string | null;
  children: ComponentChildren;
}

/** What most pages are: a title, what became of the last form, and the content. */
export function Page({ title, wide, back, lead, notice, error, children }: Props) {
  return (
    <div class={wide ? "container" : "container narrow"}>
      {back && (
        <p>
          <a href={back.href}>← {back.label}</a>
        </p>
      )}
      <h1>{title}</h1>
      {lead}
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
      {children}
    </div>
  );
}

/** The way to the rest of a list, when there is more of it. */
export function NextPage({ href }: { href: string | null }) {
  return href && (
    <p>
      <a href={href}>Próxima página</a>
    </p>
  );
}

interface SearchProps {
  /** The page without a search; the search is posted there. */
  path: string;
  /** The words of the link to it. */
  all: string;
  /** What was searched for. */
  query: string;
  /** The results were asked for, and the search is not kept any more. */
  lost: boolean;
}

/** Looks for people by their name or CPF (field `busca`); posted, so that no address holds it. */
export function PersonSearch({ path, all, query, lost }: SearchProps) {
  return (
    <form method="post" action={path} class="search" role="search">
      {lost && <Notice kind="info">Esta busca já não vale. Digite de novo o que procura.</Notice>}
      <label for="busca">Nome ou CPF</label>
      <input
        id="busca"
        name="busca"
        type="search"
        value={query}
        maxLength={120}
        autocomplete="off"
      />
      <button class="button secondary" type="submit">Buscar</button>
      {query && <a href={path}>{all}</a>}
    </form>
  );
}
