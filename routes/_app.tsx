import { asset } from "fresh/runtime";
import { define } from "@/app.ts";
import { Footer, Header } from "./(_components)/frame.tsx";

export default define.page(function App({ Component, state, url }) {
  const title = state.title ? `${state.title} · Habilita` : "Habilita — portal das operadoras";
  return (
    <html lang="pt-BR">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>{title}</title>
        <link rel="icon" href={asset("/icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={asset("/vendor/tokens.css")} />
        <link rel="stylesheet" href={asset("/app.css")} />
      </head>
      <body>
        <a class="skip-link" href="#conteudo">Ir para o conteúdo</a>
        <Header caller={state.caller ?? null} path={url.pathname} />
        <main id="conteudo" tabIndex={-1}>
          <Component />
        </main>
        <Footer />
      </body>
    </html>
  );
});
