import * as v from "valibot";
import { parseSafeUrl, text } from "./types.ts";

/** A system that people of an operadora may be let into. */
export interface System {
  /** `[a-z0-9-]{2,40}`; stands for the system in grants, addresses and the audit log. */
  id: string;
  name: string;
  description: string;
  /** Where it is opened; null when it is opened outside the portal. */
  address: string | null;
  /** By a link, or by a hand-off after the three steps at an establishment. */
  access: "link" | "steps";
}

const link = (id: string, name: string, description: string): System => ({
  id,
  name,
  description,
  address: null,
  access: "link",
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
  },
];

const MAX_SYSTEMS = 100;
const ID = "id deve ter de 2 a 40 letras minúsculas sem acento, números ou hífens.";
const ADDRESS = "address deve ser um endereço https:// completo, sem usuário e sem #.";
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
    ),
    LIST,
  ),
  v.nonEmpty(LIST),
  v.maxLength(MAX_SYSTEMS, LIST),
);

/**
 * The list of systems: JSON, `[{ id, name, description, address?, access? }]`, where `access` is
 * `"link"` unless told and `address` is `https:` (`http:` on this machine only).
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
    return twice ? wrong(`"${twice}" está em dois sistemas; cada id é de um só.`) : result.output;
  }),
);

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
