import type { GovbrLevel } from "@/core/account/govbr/level.ts";

/** Somebody with an account at the simulated gov.br. */
export interface GovbrPerson {
  /** 11 digits. */
  cpf: string;
  nome: string;
  email: string;
}

/** Who has logged in at the provider, as they chose to be on its page. */
export interface GovbrAccount {
  person: GovbrPerson;
  level: GovbrLevel;
  /** gov.br gives no e-mail at all while it is not verified. */
  emailVerified: boolean;
}

/** What differs from a textbook provider; each can be switched while the provider runs. */
export interface Dialect {
  /** `sub` as `123456789-01`, as in one example of the integration guide. */
  dashInSub: boolean;
  /** `email_verified` of the id_token is the text `"true"`; in userinfo it is always a boolean. */
  emailVerifiedAsText: boolean;
  /** `scope` of the token response is a list; RFC 6749 3.3 says one text. */
  scopeAsList: boolean;
  /** Name and e-mail are in the id_token, not only at userinfo. */
  profileInIdToken: boolean;
  /** Changes the claims of the next id_tokens, which are then signed with the right key. */
  rewrite: ((claims: Record<string, unknown>) => Record<string, unknown>) | null;
  /** Signs the id_tokens with a key that is not published, under the name of the right one. */
  wrongKey: boolean;
}

/** gov.br as its guide describes it. */
export const GOVBR_DIALECT: Dialect = {
  dashInSub: false,
  emailVerifiedAsText: true,
  scopeAsList: true,
  profileInIdToken: true,
  rewrite: null,
  wrongKey: false,
};

/** The subject identifier of a person. */
export function subjectOf({ cpf }: GovbrPerson, { dashInSub }: Dialect): string {
  return dashInSub ? `${cpf.slice(0, 9)}-${cpf.slice(9)}` : cpf;
}
