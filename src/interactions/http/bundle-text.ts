/** JSON text of a search or history Bundle. Resources are put in as the text they are, never parsed. */
export interface BundleText {
  readonly type: 'searchset' | 'history';
  /** Absent where nobody asked for it. */
  readonly total: number | undefined;
  readonly links: readonly { readonly relation: string; readonly url: string }[];
  /** JSON texts of `Bundle.entry`. */
  readonly entries: readonly string[];
}

/** The Bundle as one text. */
export function bundleText({ type, total, links, entries }: BundleText): string {
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  const count = total === undefined ? '' : `,"total":${total}`;
  return `{"resourceType":"Bundle","type":"${type}"${count},"link":${link(links)}${entry}}`;
}

/** One resource of a search: a match, or what was included with the matches. */
export function searchEntry(mode: 'match' | 'include', fullUrl: string, resource: string): string {
  return `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${resource},"search":{"mode":"${mode}"}}`;
}

const link = (links: BundleText['links']): string => JSON.stringify(links);
