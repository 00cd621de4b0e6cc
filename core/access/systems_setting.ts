import type { System } from "./systems.ts";

const MAX_SYSTEMS = 100;
const FIELDS = ["id", "name", "description", "address", "access"];

/**
 * Reads the list of systems: JSON, `[{ id, name, description, address?, access? }]`, where `access`
 * is `"link"` unless told and `address` is `https:` (`http:` on this machine only).
 *
 * @param wrong is told in Portuguese what is wrong and where, and throws
 */
export function parseSystems(text: string, wrong: (problem: string) => never): System[] {
  const list = parseJson(text);
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_SYSTEMS) {
    return wrong(`deve ser uma lista JSON de 1 a ${MAX_SYSTEMS} sistemas.`);
  }
  const systems = list.map((item, index) =>
    parseSystem(item, (problem) => wrong(`sistema ${index + 1}: ${problem}`))
  );
  const ids = systems.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice ? wrong(`"${twice}" está em dois sistemas; cada id é de um só.`) : systems;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parseSystem(item: unknown, wrong: (problem: string) => never): System {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    return wrong("deve ser um objeto com id, name e description.");
  }
  const fields = item as Record<string, unknown>;
  const stranger = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (stranger) return wrong(`não existe o campo "${stranger}"; há ${FIELDS.join(", ")}.`);
  const { id, address = null, access = "link" } = fields;
  if (typeof id !== "string" || !/^[a-z0-9-]{2,40}$/.test(id)) {
    return wrong("id deve ter de 2 a 40 letras minúsculas sem acento, números ou hífens.");
  }
  if (access !== "link" && access !== "steps") {
    return wrong('access deve ser "link" (aberto por um link) ou "steps" (após os três passos).');
  }
  if (address !== null && !isAddress(address)) {
    return wrong("address deve ser um endereço https:// completo, sem usuário e sem #.");
  }
  return {
    id,
    name: parseText("name", fields.name, 60, wrong),
    description: parseText("description", fields.description, 200, wrong),
    address: address === null ? null : new URL(String(address)).href,
    access,
  };
}

function parseText(
  name: string,
  value: unknown,
  most: number,
  wrong: (problem: string) => never,
): string {
  const text = typeof value === "string" ? value.trim() : "";
  return text && text.length <= most
    ? text
    : wrong(`${name} deve ser um texto de 1 a ${most} caracteres.`);
}

function isAddress(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const url = new URL(value);
  const local = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  const safe = url.protocol === "https:" || (url.protocol === "http:" && local);
  return safe && !url.username && !url.password && !url.hash;
}
