import type { CadsusServer } from "@/tools/dev/cadsus.ts";

/** What a target system does with a form: `in`, or the code of its refusal. */
export async function arrive(
  { address }: Pick<CadsusServer, "address">,
  form: Record<string, string>,
  origin?: string,
): Promise<string> {
  const response = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: origin ? { origin } : {},
    redirect: "manual",
  });
  const text = await response.text();
  if (response.status === 303) return "in";
  return /<code>(\w+)<\/code>/.exec(text)?.[1] ?? `status ${response.status}`;
}
