interface Prerequisite {
  title: string;
  text: string;
  link?: { href: string; label: string };
}

/** The ministry's six prerequisites for CadSUS Web. */
const PREREQUISITES: readonly Prerequisite[] = [
  {
    title: "Operadora no CNES",
    text: "A sede da operadora precisa estar cadastrada, e ativa, no CNES.",
    link: { href: "https://cnes.saude.gov.br", label: "cnes.saude.gov.br" },
  },
  {
    title: "Pessoas vinculadas",
    text: "Cada profissional se cadastra e é vinculado ao número CNES da operadora.",
    link: { href: "https://cadastro.saude.gov.br/saiba-mais", label: "saiba mais" },
  },
  {
    title: "Conta gov.br e CNS",
    text: "Conta gov.br ativa e Cartão Nacional de Saúde (CNS) com qualidade alta.",
    link: { href: "https://www.gov.br", label: "www.gov.br" },
  },
  {
    title: "Administrador primeiro",
    text: "O diretor registrado no CNES é o primeiro a entrar, com perfil ADMINISTRADOR.",
  },
  {
    title: "Operadores pedem acesso",
    text: "As outras pessoas pedem um perfil e o administrador daquele CNES decide.",
  },
  {
    title: "Três passos e entrada",
    text: "Aprovados estabelecimento, perfil e computador, abre-se o CadSUS Web.",
    link: { href: "https://webatendimento.saude.gov.br/faq/cadsus", label: "dúvidas frequentes" },
  },
];

export function Prerequisites() {
  return (
    <ol class="prerequisites">
      {PREREQUISITES.map(({ title, text, link }) => (
        <li key={title}>
          <h3>{title}</h3>
          <p>
            {text}
            {link && (
              <>
                {" "}
                <a href={link.href} rel="external noopener">{link.label}</a>
              </>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
