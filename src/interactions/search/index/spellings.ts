/** A canonical URL is found with its version and without (FHIR R4, References §2.3.0.2). */
export function spellings(url: string): readonly string[] {
  const bar = url.lastIndexOf('|');
  return bar <= 0 ? [url] : [url, url.slice(0, bar)];
}
