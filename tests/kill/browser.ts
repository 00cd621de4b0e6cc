/** What the portal answered; null when it did not, or said that it takes nothing now. */
export interface Answer {
  status: number;
  location: string;
  text: string;
}

/** Longer than any answer takes: a request that a killed process has left must not wait for ever. */
const PATIENCE = 30_000;

/**
 * Sends a request as a browser does that runs no scripts.
 *
 * @param form posts it; else the page is fetched
 * @returns null when nothing is known of what became of it: the connection broke, or 503
 */
export async function browse(
  origin: string,
  path: string,
  cookie: string,
  form?: Record<string, string>,
): Promise<Answer | null> {
  const post = form && { method: "POST", body: new URLSearchParams(form) };
  try {
    const response = await fetch(origin + path, {
      ...post,
      headers: { cookie, origin },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { status, headers } = response;
    const text = await response.text();
    return status >= 500 ? null : { status, location: headers.get("location") ?? "", text };
  } catch {
    return null;
  }
}
