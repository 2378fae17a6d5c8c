/** Where a reference leads: to a resource here, or to a URL. */
export type ReferenceTarget =
  { readonly type: string; readonly id: string } | { readonly url: string };

const RELATIVE =
  /^([A-Z][A-Za-z]{0,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * Reads a literal reference (FHIR R4, References §2.3.0.1); one to this server is the same whether it is
 * written relative or whole.
 *
 * @param baseUrl base of FHIR here, such as `https://example.org/fhir`
 * @returns `undefined` for one into the resource itself, which leads nowhere else
 */
export function referenceTarget(reference: string, baseUrl: string): ReferenceTarget | undefined {
  if (reference.startsWith('#')) return undefined;
  const prefix = `${baseUrl}/`;
  const local = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  const [, type, id] = RELATIVE.exec(local) ?? [];
  return type !== undefined && id !== undefined ? { type, id } : { url: reference };
}
