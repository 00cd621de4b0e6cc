/** The installed version of OpenSSL, or null where there is none; CI installs it. */
export async function openSslVersion(): Promise<string | null> {
  try {
    return (await openssl("version")).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Runs `openssl`, e.g. `await openssl("x509", "-in", file, "-noout", "-text")`.
 *
 * @returns what it printed
 * @throws {Error} with what it complained about, when it fails
 */
export async function openssl(...args: string[]): Promise<string> {
  const { stderr, stdout, success } = await new Deno.Command("openssl", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
