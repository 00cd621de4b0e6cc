import { PasswordField } from "@/components/Field.tsx";
import { Notice } from "@/components/Notice.tsx";

/** Asked again before a change of the account. */
export function CurrentPassword() {
  return <PasswordField label="Senha atual" name="atual" />;
}

/**
 * In place of a form: a person without a password proves who they are at gov.br. Leaving first is what
 * makes the login a new one.
 */
export function GovbrAgain() {
  return (
    <form method="post" action="/sair" class="card form">
      <Notice kind="info">
        Você entra com gov.br e não tem senha no portal. Por segurança, esta mudança só pode ser
        feita até 10 minutos depois de entrar.
      </Notice>
      <p>
        Saia, entre de novo com gov.br e volte a esta página por <strong>Minha conta</strong>.
      </p>
      <button class="button primary" type="submit">Sair para entrar de novo</button>
    </form>
  );
}
