/** What may happen in a town, and who lives there: all that the model and the portal have in common. */

export const PEOPLE = ["rosa", "ivo", "nair", "lia", "caio", "zeca"] as const;
export type Name = typeof PEOPLE[number];

export const PLACES = ["first", "second", "third"] as const;
export type Place = typeof PLACES[number];

export const COMPANIES = ["alfa", "beta"] as const;
export type Company = typeof COMPANIES[number];

export const KEYS = ["a", "b"] as const;
export type Key = typeof KEYS[number];

export type ProfileName = "ADMINISTRADOR" | "OPERADOR" | "CONSULTADOR" | "CADASTRADOR";

/** Somebody at the portal; `certificate`: their session was opened with that company's. */
interface Acting {
  by: Name;
  certificate: Company | null;
}

/** What a new edition of the CNES says of one establishment, where it says something else. */
export interface CnesChange {
  /** False: the edition does not have it. */
  listed?: boolean;
  active?: boolean;
  director?: Name | null;
  /** The company whose CNPJ it has. */
  cnpj?: Company | null;
}

export type Action =
  | { do: "ask"; by: Name; place: Place; profile: ProfileName; govbr: boolean }
  | ({
    do: "decide";
    /** Which request: counted from the newest, around. */
    back: number;
    outcome: "aprovada" | "reprovada";
    via: "portal" | "telegram";
  } & Acting)
  | { do: "cancel"; by: Name; back: number }
  | { do: "askComputer"; by: Name; place: Place; key: Key | null; replaces: Key | null }
  | ({ do: "removeComputer"; of: Name; place: Place; key: Key } & Acting)
  | ({ do: "changeProfile"; of: Name; place: Place; profile: ProfileName } & Acting)
  | ({ do: "endMembership"; of: Name; place: Place } & Acting)
  | ({ do: "appoint"; of: Name; place: Place } & Acting)
  | ({ do: "switchTie"; of: Name; active: boolean } & Acting)
  | ({ do: "bind"; place: Place } & Acting)
  | ({ do: "unbind"; place: Place } & Acting)
  | { do: "firstAccess"; by: Name; certificate: Company }
  | { do: "switchPerson"; of: Name; active: boolean }
  | { do: "importCnes"; place: Place; change: CnesChange }
  | { do: "importCadop"; company: Company; names: Name }
  | { do: "days"; count: number };

export const ACTION_NAMES = [
  ...["ask", "decide", "cancel", "askComputer", "removeComputer", "changeProfile"] as const,
  ...["endMembership", "appoint", "switchTie", "bind", "unbind", "firstAccess"] as const,
  ...["switchPerson", "importCnes", "importCadop", "days"] as const,
] satisfies Action["do"][];

/** The town in which each sequence begins. */
export const BEGINNING = {
  cnes: {
    first: { listed: true, active: true, director: "zeca", cnpj: "alfa" },
    second: { listed: true, active: true, director: "lia", cnpj: null },
    third: { listed: true, active: true, director: "caio", cnpj: "beta" },
  } satisfies Record<Place, Required<CnesChange>>,
  cadop: { alfa: "rosa", beta: "ivo" } satisfies Record<Company, Name>,
  /** Ivo only declared who he is. */
  declared: ["ivo"] satisfies Name[],
  ties: { lia: ["alfa"], caio: ["alfa", "beta"], zeca: ["alfa"], rosa: ["beta"] } satisfies Partial<
    Record<Name, Company[]>
  >,
  members: [
    { of: "lia", place: "first", profile: "ADMINISTRADOR" },
    { of: "caio", place: "first", profile: "OPERADOR" },
    { of: "caio", place: "second", profile: "ADMINISTRADOR" },
    { of: "nair", place: "third", profile: "ADMINISTRADOR" },
  ] satisfies { of: Name; place: Place; profile: ProfileName }[],
} as const;

/** The number of a request that is `back` before the newest of `count`. */
export function numberOf(back: number, count: number): number {
  return count - 1 - back % count;
}
