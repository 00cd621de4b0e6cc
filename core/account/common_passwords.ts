/** Words that Brazilians build passwords on and that international lists miss. */
const LOCAL_WORDS = [
  "abcd",
  "acesso",
  "admin",
  "amor",
  "brasil",
  "corinthians",
  "deus",
  "familia",
  "flamengo",
  "habilita",
  "jesus",
  "mudar",
  "mudei",
  "operadora",
  "palmeiras",
  "plano",
  "portal",
  "primeiro",
  "saude",
  "senha",
  "teste",
  "trocar",
  "vasco",
];

let known: Promise<Set<string>> | null = null;

/**
 * Is it on the list of common passwords, as it stands or as the usual disguise of one (`P@ssw0rd`,
 * `Senha@2026`)? The list is loaded at the first new password, not at the start of the server.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  known ??= load();
  const list = await known;
  const plain = password.toLowerCase();
  if (list.has(plain)) return true;
  return [plain, undisguise(plain)].some((text) => {
    const letters = text.replace(/[^a-z]/g, "");
    const rest = password.length - letters.length;
    // A common word with a date or a counter around it; long phrases are left alone.
    return letters.length >= 3 && rest <= 6 && password.length < 15 && list.has(letters);
  });
}

async function load(): Promise<Set<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  return new Set([...dictionary["passwords-common"] as string[], ...LOCAL_WORDS]);
}

function undisguise(text: string): string {
  return text
    .replaceAll("@", "a").replaceAll("4", "a").replaceAll("0", "o").replaceAll("3", "e")
    .replaceAll("1", "i").replaceAll("!", "i").replaceAll("$", "s").replaceAll("5", "s")
    .replaceAll("7", "t");
}
