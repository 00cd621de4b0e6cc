import * as v from "valibot";
import { type Acr, ACRS, ONE_FACTOR } from "./choices.ts";
import { type SystemCredential, systemCredential } from "./system_credential.ts";
import { parseSafeUrl, text } from "./types.ts";

/** A system that people of an operadora may be let into. */
export interface System {
  /**
   * `[a-z0-9-]{2,40}`; stands for the system in grants, addresses and the audit log. Also the audience
   * of its hand-off tokens, and its name (`client_id`) when it redeems them.
   */
  id: string;
  name: string;
  description: string;
  /** Where it is opened; null when it is opened outside the portal. */
  address: string | null;
  /** By a link, or by a hand-off after the three steps at an establishment. */
  access: "link" | "steps";
  /** By what it redeems hand-offs; there is one wherever people are handed off. */
  credential: SystemCredential | null;
  minimum: SystemMinimum;
}

/** Whom a system takes, beyond the three steps. */
export interface SystemMinimum {
  /** How strongly the session was begun, at least. */
  acr: Acr;
  /** `proved`: only an account whose CPF is proved toward everybody. */
  cpf: "any" | "proved";
}

const ANYBODY: SystemMinimum = { acr: ONE_FACTOR, cpf: "any" };

const link = (id: string, name: string, description: string): System => ({
  id,
  name,
  description,
  address: null,
  access: "link",
  credential: null,
  minimum: ANYBODY,
});

/** The systems of the regulator and the ministry, where `HABILITA_SYSTEMS` names no others. */
export const DEFAULT_SYSTEMS: readonly System[] = [
  link("sib", "SIB", "Sistema de Informações de Beneficiários"),
  link("sip-xml", "SIP/XML", "Sistema de Informações de Produtos"),
  link("diops", "DIOPS", "Documento de Informações Periódicas das Operadoras"),
  link("rpc", "RPC", "Reajuste de Planos Coletivos"),
  link("tiss", "TISS", "Troca de Informações na Saúde Suplementar"),
  {
    id: "cadsus-web",
    name: "CadSUS Web",
    description: "Cadastro Nacional de Usuários do SUS, depois dos três passos",
    address: null,
    access: "steps",
    credential: null,
    minimum: ANYBODY,
  },
];

const MAX_SYSTEMS = 100;
const ID = "id deve ter de 2 a 40 letras minúsculas sem acento, números ou hífens.";
const ADDRESS = "address deve ser um endereço https:// completo, sem usuário e sem #.";
const MINIMUM = 'minimum deve ser um objeto com "acr", "cpf" ou os dois.';
const LIST = `deve ser uma lista JSON de 1 a ${MAX_SYSTEMS} sistemas.`;

/** A text that must be there: what is left out counts as empty. */
function words(name: string, most: number) {
  const message = `${name} deve ser um texto de 1 a ${most} caracteres.`;
  const type = v.pipe(v.string(message), v.trim(), v.nonEmpty(message), v.maxLength(most, message));
  return v.optional(type, "");
}

const fields = {
  id: v.optional(v.pipe(v.string(ID), v.regex(/^[a-z0-9-]{2,40}$/, ID)), ""),
  name: words("name", 60),
  description: words("description", 200),
  address: v.nullish(
    v.pipe(
      v.string(ADDRESS),
      v.check((value) => parseSafeUrl(value)?.hash === "", ADDRESS),
      v.transform((value) => new URL(value).href),
    ),
    null,
  ),
  access: v.optional(
    v.picklist(
      ["link", "steps"],
      'access deve ser "link" (aberto por um link) ou "steps" (após os três passos).',
    ),
    "link",
  ),
  credential: v.nullish(systemCredential, null),
  minimum: v.optional(
    v.strictObject({
      acr: v.optional(
        v.picklist(ACRS, `minimum.acr deve ser ${ACRS.join(", ")}.`),
        ANYBODY.acr,
      ),
      cpf: v.optional(
        v.picklist(["any", "proved"], 'minimum.cpf deve ser "any" ou "proved" (CPF comprovado).'),
        ANYBODY.cpf,
      ),
    }, MINIMUM),
    ANYBODY,
  ),
};

const list = v.pipe(
  v.array(
    v.pipe(
      v.custom<Record<string, unknown>>(
        (item) => typeof item === "object" && item !== null && !Array.isArray(item),
        "deve ser um objeto com id, name e description.",
      ),
      v.strictObject(
        fields,
        ({ path }) =>
          `não existe o campo "${path?.at(-1)?.key}"; há ${Object.keys(fields).join(", ")}.`,
      ),
      v.check(
        ({ access, address, credential }) => access === "link" || !address || credential !== null,
        "falta credential: com access e address, o sistema precisa de chaves públicas (jwks) ou de " +
          "um secret para resgatar os passes.",
      ),
      v.check(
        ({ access, credential }) => access === "steps" || credential === null,
        'credential é só de um sistema com access "steps".',
      ),
    ),
    LIST,
  ),
  v.nonEmpty(LIST),
  v.maxLength(MAX_SYSTEMS, LIST),
);

/**
 * The list of systems: JSON, `[{ id, name, description, address?, access?, credential?, minimum? }]`,
 * where `access` is `"link"` unless told and `address` is `https:` (`http:` on this machine only).
 */
export const systems = v.pipe(
  text,
  v.rawTransform<string, System[]>(({ dataset, addIssue, NEVER }) => {
    const wrong = (problem: string) => {
      addIssue({ message: `: ${problem}` });
      return NEVER;
    };
    const result = v.safeParse(list, parseJson(dataset.value), { abortEarly: true });
    if (!result.success) {
      const [{ message, path }] = result.issues;
      return wrong(path ? `sistema ${Number(path[0].key) + 1}: ${message}` : message);
    }
    const ids = result.output.map(({ id }) => id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice) return wrong(`"${twice}" está em dois sistemas; cada id é de um só.`);
    const shared = sharedCredential(result.output);
    return shared
      ? wrong(
        `"${shared.join('" e "')}" têm a mesma chave ou o mesmo secret; cada um precisa do seu.`,
      )
      : result.output;
  }),
);

/** Ids of two systems that show the same: each could take what is for the other. */
function sharedCredential(all: readonly System[]): [string, string] | null {
  const owners = new Map<string, string>();
  for (const { id, credential } of all) {
    const shown = credential?.kind === "keys"
      ? credential.keys.map((key) => key.kty === "RSA" ? key.n : key.x)
      : credential
      ? [credential.secret]
      : [];
    for (const one of shown) {
      const owner = owners.get(one);
      if (owner && owner !== id) return [owner, id];
      owners.set(one, id);
    }
  }
  return null;
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
