import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import type { ContinuedRequest } from '../paging/sealed-links.js';

/** Whether an entry asks for a search or a history, which may have further pages. */
export function isPaged({ method, address }: BundleEntry): boolean {
  return (
    method === 'GET' && address.vid === undefined && (address.isHistory || address.id === undefined)
  );
}

/** The request that the search or history of an entry would be on its own. */
export function pagedRequest({
  address: { type, id, isHistory, query },
}: BundleEntry): ContinuedRequest {
  const segments = [type, id, isHistory ? '_history' : undefined].filter((it) => it !== undefined);
  return { path: segments.map((segment) => `/${segment}`).join(''), query };
}
