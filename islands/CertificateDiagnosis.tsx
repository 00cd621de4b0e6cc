import { useRef, useState } from "preact/hooks";
import { A1FileChoice, A1PasswordForm, NOT_LOADED, READ_AT_MOST } from "@/components/A1File.tsx";
import { useWork } from "@/components/work.ts";

/** The reader of A1 files: big beside the rest of the page, so it comes when a file is chosen. */
const loadReader = () => import("@/core/certificate/a1/mod.ts");

/**
 * Opens an A1 file in the browser and posts its certificates, as an ordinary form, for the portal to
 * look at. The file, its password and the key stay here.
 */
export default function CertificateDiagnosis({ action }: { action: string }) {
  const [file, setFile] = useState<File | null>(null);
  const { busy, error, setError, work } = useWork();
  const form = useRef<HTMLFormElement>(null);
  const certificates = useRef<HTMLInputElement>(null);

  function choose(chosen: File | undefined) {
    setError(null);
    setFile(chosen ?? null);
    if (chosen) loadReader().catch(() => setError(NOT_LOADED));
  }

  const open = (chosen: File, password: string) =>
    work(NOT_LOADED, async () => {
      const { explainA1, openA1, publicCertificates } = await loadReader();
      const bytes = new Uint8Array(await chosen.slice(0, READ_AT_MOST).arrayBuffer());
      const a1 = await openA1(bytes, password);
      if (!a1.ok) return explainA1(a1);
      certificates.current!.value = publicCertificates(a1.data);
      form.current!.submit();
      return null;
    });

  return (
    <div class="certificate-login" aria-busy={busy}>
      {error && <div class="notice error" role="alert">{error}</div>}
      <A1FileChoice onChoose={choose} />
      {file && (
        <A1PasswordForm
          key={file}
          busy={busy}
          onOpen={(password) => open(file, password)}
        />
      )}
      <form method="post" action={action} ref={form}>
        <input type="hidden" name="certificates" ref={certificates} />
      </form>
    </div>
  );
}
