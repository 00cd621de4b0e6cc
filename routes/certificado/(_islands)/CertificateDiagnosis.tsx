import { useRef } from "preact/hooks";
import { useWork } from "@/components/work.ts";
import { A1File, loadReader } from "../(_components)/A1File.tsx";

/**
 * Opens an A1 file in the browser and posts its certificates, as an ordinary form, for the portal to
 * look at. The file, its password and the key stay here.
 */
export default function CertificateDiagnosis({ action }: { action: string }) {
  const work = useWork();
  const form = useRef<HTMLFormElement>(null);
  const certificates = useRef<HTMLInputElement>(null);

  return (
    <div class="certificate-login" aria-busy={work.busy}>
      {work.error && <div class="notice error" role="alert">{work.error}</div>}
      <A1File
        work={work}
        onOpen={async (a1) => {
          const { publicCertificates } = await loadReader();
          certificates.current!.value = publicCertificates(a1);
          form.current!.submit();
          return null;
        }}
      />
      <form method="post" action={action} ref={form}>
        <input type="hidden" name="certificates" ref={certificates} />
      </form>
    </div>
  );
}
