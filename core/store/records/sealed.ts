/** Bytes that only the portal's secret opens: see `seal`. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  /** AES-256-GCM, with the tag. */
  data: Uint8Array<ArrayBuffer>;
}
