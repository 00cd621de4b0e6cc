import { type App, HttpError } from "fresh";
import type { State } from "@/app.ts";
import { actInChat } from "@/tools/telegram/chat_form.ts";
import { ChatPage, readChatPage } from "@/tools/telegram/chat_page.tsx";
import { DEMO_CERTIFICATES, demoPkcs12 } from "./demo_certificates.ts";
import { ControlError } from "@/tools/telegram/model.ts";
import { MailPage } from "./mail_page.tsx";
import { Tour } from "./tour.tsx";
import type { DevWorld } from "./world.ts";

const FILES: Record<string, URL> = {
  "chat_refresh.js": new URL("../telegram/chat_refresh.js", import.meta.url),
  "chat.css": new URL("../telegram/chat.css", import.meta.url),
  "mail.css": new URL("./mail.css", import.meta.url),
};

/** The pages of `/dev`. They exist in the development server only. */
export function addDevPages(app: App<State>, world: DevWorld): void {
  app.get("/dev", (ctx) => {
    ctx.state.title = "Mundo de desenvolvimento";
    return ctx.render(<Tour mails={world.mailbox.messages().length} />);
  });

  app.get("/dev/certificados/:file", async (ctx) => {
    const certificate = DEMO_CERTIFICATES.find(({ file }) => file === ctx.params.file);
    if (!certificate) throw new HttpError(404);
    const headers = {
      "Content-Type": "application/x-pkcs12",
      "Content-Disposition": `attachment; filename="${certificate.file}"`,
      "Cache-Control": "no-store",
    };
    return new Response(await demoPkcs12(world.pki, certificate), { headers });
  });

  app.get("/dev/correio", (ctx) => {
    ctx.state.title = "Correio simulado";
    const mails = world.mailbox.messages();
    const wanted = Number(ctx.url.searchParams.get("id"));
    const selected = mails.find(({ id }) => id === wanted) ?? mails.at(-1);
    return ctx.render(
      <div class="container">
        <link rel="stylesheet" href="/dev/estilo/mail.css" />
        <h1>Correio simulado</h1>
        <MailPage action="/dev/correio" mails={mails} selected={selected} />
      </div>,
    );
  });

  // For scripts: the journeys read their codes here.
  app.get("/dev/correio.json", () => Response.json(world.mailbox.messages()));

  app.get("/dev/telegram", (ctx) => {
    ctx.state.title = "Telegram simulado";
    const props = readChatPage(world.telegram, ctx.url);
    return ctx.render(
      <div class="container">
        <link rel="stylesheet" href="/dev/estilo/chat.css" />
        <h1>Telegram simulado</h1>
        <ChatPage {...props} />
        <script src="/dev/estilo/chat_refresh.js" type="module" />
      </div>,
    );
  });

  app.post("/dev/telegram", async (ctx) => {
    const form = await ctx.req.formData();
    try {
      const { chat, tap } = await actInChat(world.telegram, form);
      return ctx.redirect(`/dev/telegram?chat=${chat}${tap ? `&tap=${tap}` : ""}`, 303);
    } catch (error) {
      // A page of a while ago: what it asks for is not possible any more.
      if (!(error instanceof ControlError)) throw error;
      return ctx.redirect(`/dev/telegram?chat=${form.get("chat")}`, 303);
    }
  });

  app.get("/dev/cadsus", (ctx) => ctx.redirect(world.cadsus.origin, 303));

  app.get("/dev/estilo/:file", async (ctx) => {
    const file = ctx.params.file!;
    const source = FILES[file];
    if (!source) throw new HttpError(404);
    const type = file.endsWith(".js") ? "text/javascript" : "text/css";
    return new Response(await Deno.readTextFile(source), {
      headers: { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" },
    });
  });
}
