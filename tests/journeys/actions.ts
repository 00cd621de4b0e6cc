import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { delay } from "@/core/store/delay.ts";
import type { RunningPortal } from "../support/portal.ts";
import { FILE_PASSWORD } from "./operator.ts";
import type { JourneyPerson } from "./people.ts";

/** A run of `deno task test:wide`, which also takes pictures and looks at the pages of a phone. */
export const WIDE = Deno.env.get("JOURNEYS") === "wide";

/** One person at one browser: what they do, in the words of the pages. */
export class Visitor implements AsyncDisposable {
  /** The portal's pages seen since the last `countPages`, one that is shown again counted once. */
  readonly #seen: string[] = [];

  /** @param scripted whether the pages' own scripts run */
  private constructor(
    readonly page: Page,
    readonly portal: RunningPortal,
    readonly scripted: boolean,
  ) {
    page.on("framenavigated", (frame) => {
      const { origin, pathname } = new URL(frame.url());
      const other = frame !== page.mainFrame() || origin !== portal.origin;
      if (other || pathname.startsWith("/dev/") || pathname === this.#seen.at(-1)) return;
      this.#seen.push(pathname);
    });
  }

  static async open(browser: Browser, portal: RunningPortal, options: BrowserContextOptions = {}) {
    // A colour that is on its way is none to compare.
    const usual = { locale: "pt-BR", reducedMotion: "reduce" } as const;
    const context = await browser.newContext({ ...usual, ...options });
    context.setDefaultTimeout(20_000);
    return new Visitor(await context.newPage(), portal, options.javaScriptEnabled !== false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }

  goto = (path: string) => this.page.goto(this.portal.origin + path);
  button = (name: string) => this.page.getByRole("button", { name, exact: true });
  field = (label: string) => this.page.getByLabel(label, { exact: true });
  heading = (name: string | RegExp) => this.page.getByRole("heading", { name, level: 1 });

  /** The portal's pages seen since this was asked last, in their order. */
  countPages = () => this.#seen.splice(0);

  /** Fills in fields by their labels and presses a button. */
  async fill(values: Record<string, string>, button: string): Promise<void> {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
    await this.button(button).click();
  }

  /** In a wide run, a picture of the whole page as `tests/.out/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    if (WIDE) await this.page.screenshot({ path: `tests/.out/${name}.png`, fullPage: true });
  }

  /** Opens an A1 file of `makeCertificate` at the certificate door and signs. */
  async signWith(file: string): Promise<void> {
    await this.goto("/certificado");
    await this.page.locator('input[type="file"]').setInputFiles(file);
    await this.fill({ "Senha do certificado": FILE_PASSWORD }, "Abrir certificado");
    await this.button("Assinar e entrar").click();
  }

  /** The last two steps of a first access. */
  async confirmEmailAndPassword({ email, password }: JourneyPerson): Promise<void> {
    await this.heading("E-mail e senha").waitFor();
    const chosen = { "E-mail": email, "Senha": password, "Repita a senha": password };
    await this.fill(chosen, "Continuar");
    await this.heading("Confirme seu e-mail").waitFor();
    const mail = await readMail(this.portal, email, "Código de confirmação");
    await this.fill({ "Código de confirmação": codeIn(mail) }, "Confirmar");
  }

  /** J7: from the provisional password to the panel, with the invited address. */
  async acceptInvitation({ cpf, email, password }: JourneyPerson, count = 1): Promise<void> {
    const mail = await readMail(this.portal, email, "Seu acesso ao portal", count);
    await this.loginWithPassword(cpf, provisionalIn(mail));
    await this.acceptInvited();
    await this.fill({ "Senha": password, "Repita a senha": password }, "Concluir");
  }

  /** The page that the provisional password opens. */
  async acceptInvited(): Promise<void> {
    await this.heading("Convite").waitFor();
    await this.field("Li e aceito os termos de uso").check();
    await this.button("Aceitar").click();
    await this.heading("E-mail e senha").waitFor();
  }

  async acceptTerms(): Promise<void> {
    await this.heading("Termos de uso").waitFor();
    await this.field("Li e aceito os termos de uso").check();
    await this.button("Continuar").click();
  }

  async loginWithPassword(cpf: string, password: string): Promise<void> {
    await this.goto("/entrar");
    await this.fill({ "CPF ou e-mail": cpf, "Senha": password }, "Entrar");
  }

  /** The first entry by the simulated gov.br, with the e-mail that it knows. */
  async enterByGovbr(name: string, level: "prata" | "ouro"): Promise<void> {
    await this.goto("/govbr");
    await this.page.getByRole("radio", { name }).check();
    await this.page.getByRole("radio", { name: level }).check();
    await this.button("Autorizar").click();
    await this.acceptTerms();
    await this.heading("Seu e-mail").waitFor();
    await this.button("Continuar").click();
  }

  async registerUser({ cpf, name, email }: JourneyPerson, systems: readonly string[]) {
    await this.goto("/usuarios/novo");
    for (const system of systems) {
      await this.page.getByRole("checkbox", { name: new RegExp(`^${system}\\b`) }).check();
    }
    await this.fill({ "CPF": cpf, "Nome completo": name, "E-mail": email }, "Cadastrar");
    await this.heading("Usuários").waitFor();
  }

  /** Looks for people in a list. */
  async search(path: string, query: string): Promise<void> {
    await this.goto(path);
    await this.fill({ "Nome ou CPF": query }, "Buscar");
    await this.page.getByLabel("Nome ou CPF").and(this.page.locator(`[value="${query}"]`))
      .waitFor();
  }

  /** Steps one and two at an establishment: the number, then its name and the profile. */
  async askForProfile(cnes: string, profile: string): Promise<void> {
    await this.goto("/solicitar");
    await this.fill({ "Número CNES do estabelecimento": cnes }, "Continuar");
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

/** The mails to an address that have arrived with these words in their subjects, oldest first. */
export async function mailsTo({ origin }: RunningPortal, to: string, subject = "") {
  const response = await fetch(`${origin}/dev/correio.json`);
  const mails: { to: string[]; subject: string; text: string }[] = await response.json();
  return mails.filter((mail) => mail.to.includes(to) && mail.subject.includes(subject));
}

/** Text of the newest of these mails, once `count` of them have arrived. */
export async function readMail(portal: RunningPortal, to: string, subject: string, count = 1) {
  for (let i = 0; i < 100; i++) {
    const mails = await mailsTo(portal, to, subject);
    if (mails.length >= count) return mails.at(-1)!.text;
    await delay(100);
  }
  throw new Error(`not ${count} mails "${subject}" to ${to}`);
}

/** The provisional password in a mail. */
export const provisionalIn = (mail: string) => find(mail, /Senha provisória: (\S+)/);

/** The code in a mail. */
export const codeIn = (mail: string) => find(mail, /:\s+([A-Z0-9]{8})\s/);
