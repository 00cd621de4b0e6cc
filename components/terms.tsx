import { Check } from "./Field.tsx";

/** Text of the terms of use; its version is `TERMS_VERSION` in `core/account/terms.ts`. */
export function TermsText() {
  return (
    <div class="terms" tabIndex={0} role="region" aria-label="Texto dos termos de uso">
      <h2>1. Para que serve o portal</h2>
      <p>
        O Habilita identifica operadoras de planos de saúde pelo certificado digital ICP-Brasil, e
        as pessoas que trabalham para elas, e dá a cada pessoa acesso somente aos sistemas que lhe
        foram concedidos.
      </p>
      <h2>2. Sua responsabilidade</h2>
      <p>
        O acesso é pessoal. Não compartilhe senha, código de confirmação nem certificado digital.
        Tudo o que for feito com o seu acesso é registrado em seu nome. Avise o representante legal
        da operadora se suspeitar de uso indevido.
      </p>
      <h2>3. Dados pessoais (LGPD)</h2>
      <p>
        Tratamos nome, CPF, CNS, e-mail e registros de acesso para identificar você, proteger os
        sistemas da saúde e cumprir obrigação legal (Lei 13.709/2018, art. 7º, II). Os registros de
        acesso são guardados de forma que alterações possam ser percebidas. O CNS que você informar
        pode ser consultado, com o nome e o CPF, no registro do Cartão Nacional de Saúde, para saber
        a qualidade do cadastro. Você pode pedir a correção dos seus dados ao representante legal da
        operadora ou ao responsável pelo portal.
      </p>
      <h2>4. Administradores de estabelecimentos</h2>
      <p>
        Quem administra um estabelecimento do CNES decide os pedidos de acesso a ele e responde por
        essas decisões, tomadas no portal ou pelo Telegram.
      </p>
      <h2>5. Mudanças</h2>
      <p>Quando estes termos mudarem, pediremos a sua concordância de novo.</p>
    </div>
  );
}

/** The text with the box to tick, asked on the first access and at each new version. */
export function TermsForm() {
  return (
    <form method="post" class="card form">
      <TermsText />
      <Check type="checkbox" name="aceito" value="sim" required>Li e aceito os termos de uso</Check>
      <button class="button primary" type="submit">Continuar</button>
    </form>
  );
}
