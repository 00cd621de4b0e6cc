import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { RunningPortal } from "../support/portal.ts";
import type { JourneyPerson } from "./people.ts";

/** A run of `deno task test:wide`, which also takes pictures and looks at the pages of a phone. */
export const WIDE = Deno.env.get("JOURNEYS") === "wide";

/** One person at one browser: what they do, in the words of the pages. */
export class Visitor implements AsyncDisposable {
  readonly page: Page;
  /** Whether the pages' own scripts run. */
  readonly scripted: boolean;
  readonly #context: BrowserContext;
  readonly #portal: RunningPortal;

  private constructor(
    page: Page,
    scripted: boolean,
    context: BrowserContext,
    portal: RunningPortal,
  ) {
    this.page = page;
    this.scripted = scripted;
    this.#context = context;
    this.#portal = portal;
  }

  static async open(
    browser: Browser,
    portal: RunningPortal,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      locale: "pt-BR",
      // A colour that is on its way is none to compare.
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(20_000);
    const scripted = options.javaScriptEnabled !== false;
    return new Visitor(await context.newPage(), scripted, context, portal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  goto(path: string) {
    return this.page.goto(this.#portal.origin + path);
  }

  button(name: string) {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(label: string) {
    return this.page.getByLabel(label, { exact: true });
  }

  heading(name: string | RegExp) {
    return this.page.getByRole("heading", { name, level: 1 });
  }

  /** In a wide run, a picture of the whole page as `tests/.out/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    if (!WIDE) return;
    await Deno.mkdir("tests/.out", { recursive: true });
    await this.page.screenshot({ path: `tests/.out/${name}.png`, fullPage: true });
  }

  /** Opens an A1 file at the certificate door and signs. */
  async signWith(file: string, password: string): Promise<void> {
    await this.goto("/certificado");
    await this.page.locator('input[type="file"]').setInputFiles(file);
    await this.field("Senha do certificado").fill(password);
    await this.button("Abrir certificado").click();
    await this.button("Assinar e entrar").click();
  }

  /** From the page "Usuário" to the panel. */
  async finishFirstAccess(person: JourneyPerson): Promise<void> {
    await this.acceptTerms();
    await this.confirmEmailAndPassword(person);
  }

  /** The last two steps of a first access. */
  async confirmEmailAndPassword(person: JourneyPerson): Promise<void> {
    await this.heading("E-mail e senha").waitFor();
    await this.field("E-mail").fill(person.email);
    await this.field("Senha").fill(person.password);
    await this.field("Repita a senha").fill(person.password);
    await this.button("Continuar").click();
    await this.heading("Confirme seu e-mail").waitFor();
    const mail = await readMail(this.#portal, person.email, "Código de confirmação");
    const code = find(mail, /:\s+([A-Z0-9]{8})\s/);
    await this.field("Código de confirmação").fill(code);
    await this.button("Confirmar").click();
  }

  async acceptTerms(): Promise<void> {
    await this.heading("Termos de uso").waitFor();
    await this.field("Li e aceito os termos de uso").check();
    await this.button("Continuar").click();
  }

  async loginWithPassword(cpf: string, password: string): Promise<void> {
    await this.goto("/entrar");
    await this.field("CPF").fill(cpf);
    await this.field("Senha").fill(password);
    await this.button("Entrar").click();
  }

  /** The first entry by the simulated gov.br, with the e-mail that it knows. */
  async enterByGovbr(name: string, level: "prata" | "ouro"): Promise<void> {
    await this.goto("/govbr");
    await this.heading("gov.br simulado").waitFor();
    await this.page.getByRole("radio", { name }).check();
    await this.page.getByRole("radio", { name: level }).check();
    await this.button("Autorizar").click();
    await this.acceptTerms();
    await this.heading("Seu e-mail").waitFor();
    await this.button("Continuar").click();
  }

  async registerUser(person: JourneyPerson, systems: readonly string[]): Promise<void> {
    await this.goto("/usuarios/novo");
    await this.field("CPF").fill(person.cpf);
    await this.field("Nome completo").fill(person.name);
    await this.field("E-mail").fill(person.email);
    for (const system of systems) {
      await this.page.getByRole("checkbox", { name: new RegExp(`^${system}\\b`) }).check();
    }
    await this.button("Cadastrar").click();
    await this.heading("Usuários").waitFor();
  }

  /** Steps one and two at an establishment: the number, then its name and the profile. */
  async askForProfile(cnes: string, profile: string): Promise<void> {
    await this.goto("/solicitar");
    await this.field("Número CNES do estabelecimento").fill(cnes);
    await this.button("Continuar").click();
    await this.page.getByRole("radio", { name: new RegExp(`^${profile}`) }).check();
    await this.button("Enviar pedido").click();
    await this.page.getByText("Pedido enviado").waitFor();
  }

  async logout(): Promise<void> {
    await this.button("Sair").click();
    await this.page.getByText("Você saiu do portal.").waitFor();
  }
}

/** What the pattern's group holds in a mail. */
export function find(mail: string, pattern: RegExp): string {
  const found = pattern.exec(mail)?.[1];
  if (!found) throw new Error(`${pattern} is not in: ${mail}`);
  return found;
}

/** Text of the newest mail to somebody with these words in its subject, once it has arrived. */
export async function readMail(
  portal: RunningPortal,
  to: string,
  subject: string,
): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const mails = await (await fetch(`${portal.origin}/dev/correio.json`)).json() as {
      to: string[];
      subject: string;
      text: string;
    }[];
    const mail = mails.findLast((mail) => mail.to.includes(to) && mail.subject.includes(subject));
    if (mail) return mail.text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no mail "${subject}" to ${to}`);
}
