/** A page of a simulated system. It looks like no one's on purpose: it is not the real system. */
export function plainPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dt { font-weight: 600; }
dd { margin: 0; }
label { display: block; padding: .25rem 0; }
fieldset { margin-bottom: 1rem; }
button { font: inherit; padding: .5rem 1.25rem; }
</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>`;
}
