import { Page } from "@/components/Page.tsx";

/** An invitation that lets nobody in any more, and why. */
export function EndedInvitation({ message }: { message: string }) {
  return (
    <Page title="Convite" error={message}>
      <p>
        <a class="button secondary" href="/entrar">Ir para a entrada</a>
      </p>
    </Page>
  );
}
