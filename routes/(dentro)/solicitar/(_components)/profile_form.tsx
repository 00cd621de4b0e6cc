import { Check } from "@/components/Field.tsx";
import { ORDINARY_PROFILES, PROFILES } from "@/core/access/membership.ts";

interface Props {
  /** What was chosen before a refusal. */
  chosen: string;
  /** Is the establishment asked for with it, or approved already? */
  withEstablishment: boolean;
  /**
   * Does the CNES name the person as director here, and would ADMINISTRADOR be theirs at once
   * (`atOnce`) or only after gov.br has said who they are (`unproven`)?
   */
  director: "atOnce" | "unproven" | null;
  /** Is there an operadora whose representative could decide about ADMINISTRADOR? */
  bound: boolean;
}

/** Steps one and two in one form. */
export function ProfileForm({ chosen, withEstablishment, director, bound }: Props) {
  return (
    <form method="post" class="card form">
      <input type="hidden" name="acao" value="perfil" />
      <fieldset class="field">
        <legend>Perfil</legend>
        {[...ORDINARY_PROFILES, "ADMINISTRADOR" as const].map((profile) => (
          <Check
            key={profile}
            type="radio"
            name="perfil"
            value={profile}
            checked={chosen === profile}
            required
          >
            <strong>{profile}</strong> — {PROFILES[profile]}
            {profile === "ADMINISTRADOR" && `. ${bySome(director, bound)}`}
          </Check>
        ))}
      </fieldset>
      <p class="hint">
        OPERADOR, CONSULTADOR e CADASTRADOR são decididos pelo administrador do estabelecimento.
        {withEstablishment && " O pedido vale para o estabelecimento e para o perfil."}
      </p>
      {director === "unproven" && (
        <p class="hint">
          O CNES registra você como diretor daqui. Para receber o perfil ADMINISTRADOR na hora, saia
          e <a href="/entrar">entre com gov.br</a>: assim o portal sabe que este CPF é seu.
        </p>
      )}
      <button class="button primary" type="submit">Enviar pedido</button>
    </form>
  );
}

function bySome(director: Props["director"], bound: boolean): string {
  if (director === "atOnce") {
    return "O CNES registra você como diretor daqui: você recebe este perfil na hora.";
  }
  const others = bound
    ? "Para os outros, quem decide é o representante legal da operadora."
    : "Os outros só podem pedir depois que o representante legal da operadora ligar este " +
      "estabelecimento a ela.";
  return "O diretor registrado no CNES recebe na hora, se entrou com gov.br ou foi cadastrado por " +
    `esta operadora. ${others}`;
}
